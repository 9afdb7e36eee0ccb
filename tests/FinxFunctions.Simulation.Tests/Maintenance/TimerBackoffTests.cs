using System.Net;
using Azure.Data.Tables;
using FinxFunctions.Primitives;
using FinxFunctions.Simulation.Tests.Connections;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;
using Microsoft.Extensions.Logging;

namespace FinxFunctions.Simulation.Tests.Maintenance;

/// <summary>Connections that fail come back with backoff and take no share from the healthy.</summary>
public sealed class TimerBackoffTests
{
    private static readonly TimeSpan BetweenTicks = TimeSpan.FromMinutes(5);

    private readonly Scenario _scenario = new();

    [Theory]
    [InlineData("connections.query")]
    [InlineData("token")]
    public void Connections_that_fail_for_good_take_no_share_from_the_healthy(string operation)
    {
        var failing = Enumerable.Range(0, 140).Select(_ => _scenario.Connect()).ToList();
        var healthy = Enumerable.Range(0, 200).Select(_ => _scenario.Connect()).ToList();
        foreach (var id in failing.Concat(healthy))
        {
            MakeDue(id);
        }

        var fault = operation == "token" ? new ScriptedFault { Acts = 0, Delay = TimeSpan.FromSeconds(50), Answer = () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) } : ScriptedFault.Fails();
        failing.ForEach(id => _scenario.Script.On(operation, fault, times: int.MaxValue, connection: id));
        using var ticks = _scenario.Metric<long>("finx.ticks");

        Ticks(3);

        _scenario.Script.Clear();
        Assert.All(healthy, id => Assert.Equal(2, _scenario.Connection(id).Generation));
        Assert.Equal("degraded", ticks.GetMeasurementSnapshot()[0].Tags["outcome"]);
        Assert.Contains(_scenario.Logs.GetSnapshot(), line => line is { Id.Id: 33, Level: LogLevel.Warning });
    }

    [Fact]
    public void A_connection_that_fails_comes_back_with_backoff_and_keeps_its_deadline()
    {
        var id = _scenario.Connect();
        MakeDue(id);
        var deadline = (DateTimeOffset)Entry(id).Values["Deadline"];
        _scenario.Script.On("connections.query", ScriptedFault.Fails(), times: int.MaxValue, connection: id);
        List<TimeSpan> waits = [];

        for (var failures = 1; failures <= 9; failures++)
        {
            _scenario.Tick();
            var entry = Entry(id);
            Assert.Equal((failures, deadline), ((int)entry.Values["Failures"], (DateTimeOffset)entry.Values["Deadline"]));
            var at = Assert.Single(_scenario.DueTimes(id));
            waits.Add(at - _scenario.Now);
            _scenario.Pass(at - _scenario.Now);
        }

        Assert.InRange(waits[0], TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2));
        Assert.Equal(waits.Order(), waits);
        Assert.InRange(waits[^1], TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));
        _scenario.Script.Clear();
        _scenario.Tick();
        Assert.Equal(2, _scenario.Connection(id).Generation);
        Assert.Equal(0, Entry(id).Values["Failures"]);
    }

    [Fact]
    public void A_refresh_that_finX_does_not_grant_is_a_failure_with_backoff()
    {
        var id = _scenario.Connect();
        MakeDue(id);
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.ServiceUnavailable), times: int.MaxValue);

        for (var failures = 1; failures <= 4; failures++)
        {
            _scenario.Tick();
            Assert.Equal(failures, (int)Entry(id).Values["Failures"]);
            Assert.Contains("1 failed", _scenario.Logs.GetSnapshot().Last(line => line.Id.Id == 30).Message, StringComparison.Ordinal);
            _scenario.Pass(Assert.Single(_scenario.DueTimes(id)) - _scenario.Now);
        }
    }

    [Fact]
    public void A_backoff_ends_before_the_refresh_token_does()
    {
        var id = _scenario.Connect();
        MakeDue(id, deadline: _scenario.Now.AddMinutes(20));
        _scenario.Script.On("connections.query", ScriptedFault.Fails(), times: int.MaxValue, connection: id);

        for (var failures = 1; failures <= 12; failures++)
        {
            _scenario.Tick();
            var at = Assert.Single(_scenario.DueTimes(id));
            Assert.True(_scenario.Now > ((DateTimeOffset)Entry(id).Values["Deadline"]).AddMinutes(-1) || at < (DateTimeOffset)Entry(id).Values["Deadline"]);
            _scenario.Pass(at - _scenario.Now);
        }
    }

    [Fact]
    public void A_tick_in_which_fewer_failed_is_done()
    {
        var ids = Enumerable.Range(0, 40).Select(_ => _scenario.Connect()).ToList();
        ids.ForEach(id => MakeDue(id));
        ids.Take(4).ToList().ForEach(id => _scenario.Script.On("connections.query", ScriptedFault.Fails(), connection: id));
        using var ticks = _scenario.Metric<long>("finx.ticks");

        _scenario.Tick();

        Assert.Equal("done", Assert.Single(ticks.GetMeasurementSnapshot()).Tags["outcome"]);
    }

    [Fact]
    public void A_tick_survives_entries_that_cannot_be_read()
    {
        var id = _scenario.Connect();
        MakeDue(id);
        _scenario.Do(async (TableServiceClient tables) =>
        {
            var agenda = tables.GetTableClient("agenda");
            foreach (var key in new[] { "garbage", "", "9999999999999999999-" + id, "0000000000000000000", new string('x', 60) })
            {
                await agenda.UpsertEntityAsync(new TableEntity("202001010000-0", key), TableUpdateMode.Replace);
            }
        });

        _scenario.Tick();

        Assert.Equal(2, _scenario.Connection(id).Generation);
    }

    [Fact]
    public void A_page_of_the_schedule_that_fails_costs_itself()
    {
        var id = _scenario.Connect();
        MakeDue(id);
        for (var number = 0; number < 1000; number++)
        {
            _scenario.Do((RotationSchedule schedule) => schedule.AddAsync(new DueEntry(ConnectionId.New(), _scenario.Now, null), CancellationToken.None));
        }

        _scenario.Script.On("agenda.query", ScriptedFault.Fails(), skip: 1, times: 1);
        _scenario.Tick();

        Assert.Equal(2, _scenario.Connection(id).Generation);
    }

    [Fact]
    public void Two_entries_of_one_connection_that_are_due_at_once_become_one()
    {
        var id = _scenario.Connect();
        MakeDue(id);
        _scenario.Do((RotationSchedule schedule) => schedule.AddAsync(new DueEntry(id, _scenario.Now.AddMinutes(-1), null), CancellationToken.None));
        _scenario.Script.On("connections.query", ScriptedFault.Fails(), times: int.MaxValue, connection: id);

        _scenario.Tick();

        Assert.Single(_scenario.DueTimes(id));
    }

    [Fact]
    public void A_day_of_outage_with_callers_leaves_a_handful_of_entries()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(2));
        _scenario.Script.On("token", ScriptedFault.NoAnswer(), times: int.MaxValue);
        var most = 0;

        for (var minute = 0; minute < 24 * 60; minute++)
        {
            _scenario.GetToken(id);
            if (minute % 60 == 0)
            {
                _scenario.Tick();
            }

            _scenario.Pass(TimeSpan.FromMinutes(1));
            most = Math.Max(most, _scenario.DueTimes(id).Count);
        }

        Assert.InRange(most, 1, 5);
    }

    [Fact]
    public void A_pending_connection_with_hundreds_of_links_is_deleted_in_the_end()
    {
        var link = _scenario.CreateLink();
        DeletionTests.AddLinks(_scenario, link.ConnectionId, 300, link.ExpiresAt);
        _scenario.Pass(TimeSpan.FromHours(26));

        Ticks(3);

        Assert.Empty(_scenario.Rows("connections"));
    }

    [Fact]
    public void A_connection_whose_refresh_token_is_over_is_due_though_a_backoff_runs()
    {
        var id = _scenario.Connect();
        var end = _scenario.Now.AddMinutes(30);
        _scenario.Change(id, row => row with { RefreshExpiresAt = end, NextRotationAt = _scenario.Now.AddDays(1), RetryAt = _scenario.Now.AddDays(2), DueAt = _scenario.Now });
        _scenario.Do((RotationSchedule schedule) => schedule.AddAsync(new DueEntry(id, _scenario.Connection(id).DueAt!.Value, end), CancellationToken.None));

        _scenario.Tick();
        Assert.Contains(end, _scenario.DueTimes(id));
        Assert.Equal(1, _scenario.Connection(id).Generation);
        _scenario.Pass(end - _scenario.Now);
        _scenario.Script.Forget();
        _scenario.Tick();

        Assert.Contains("token", _scenario.Script.Calls);
    }

    [Fact]
    public void A_connection_without_a_refresh_token_ends_with_its_access_token()
    {
        var id = _scenario.Connect(ScriptedFault.Grants("""{"access_token":"~token~a","expires_in":3600}"""));
        var end = _scenario.Connection(id).AccessExpiresAt!.Value;
        _scenario.Do((RotationSchedule schedule) => schedule.AddAsync(new DueEntry(id, _scenario.Now, null), CancellationToken.None));
        _scenario.Tick();
        Assert.Equal(ConnectionStatus.Active, _scenario.Connection(id).Status);
        Assert.Contains(end, _scenario.DueTimes(id));

        _scenario.Pass(end - _scenario.Now);
        _scenario.Tick();

        Assert.Equal(ConnectionStatus.NeedsReconsent, _scenario.Connection(id).Status);
    }

    private void Ticks(int count)
    {
        for (var ticks = 0; ticks < count; ticks++)
        {
            var next = _scenario.Now + BetweenTicks;
            _scenario.Tick();
            if (next > _scenario.Now)
            {
                _scenario.Pass(next - _scenario.Now);
            }
        }
    }

    private void MakeDue(string id, DateTimeOffset? deadline = null)
    {
        var at = _scenario.Now;
        var former = _scenario.Connection(id).DueAt!.Value;
        _scenario.Do((RotationSchedule schedule) => schedule.AddAsync(new DueEntry(id, at, deadline ?? at.AddDays(1)), CancellationToken.None));
        _scenario.Change(id, row => row with { NextRotationAt = at, DueAt = at });
        _scenario.Do((RotationSchedule schedule) => schedule.RemoveAsync(new DueEntry(id, former, null), CancellationToken.None));
    }

    private StandIns.Row Entry(string id) => _scenario.Rows("agenda").Single(row => row.RowKey.EndsWith(id, StringComparison.Ordinal));
}
