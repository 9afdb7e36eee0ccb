using FinxFunctions.Maintenance;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;
using Microsoft.Extensions.Logging;

namespace FinxFunctions.Simulation.Tests.Maintenance;

public sealed class RotationTimerTests
{
    [Fact]
    public void A_tick_reconciles_what_is_due_and_logs_it()
    {
        var scenario = new Scenario();
        var (one, other) = (scenario.Connect(), scenario.Connect());
        MakeDue(scenario, one);
        using var ticks = scenario.Metric<long>("finx.ticks");
        using var due = scenario.Metric<int>("finx.rotations.due");
        using var overdue = scenario.Metric<int>("finx.rotations.overdue");

        scenario.Tick();

        Assert.Equal((2, 1), (scenario.Connection(one).Generation, scenario.Connection(other).Generation));
        Assert.Equal("done", Assert.Single(ticks.GetMeasurementSnapshot()).Tags["outcome"]);
        Assert.Equal((1, 0), (due.LastMeasurement!.Value, overdue.LastMeasurement!.Value));
        Assert.Equal("Tick: 1 due, 1 reconciled, 0 failed.", scenario.Logs.GetSnapshot().Single(line => line.Id.Id == 30).Message);
    }

    [Fact]
    public void An_entry_due_for_more_than_an_hour_is_overdue()
    {
        var scenario = new Scenario();
        scenario.Do((RotationSchedule schedule) => schedule.AddAsync(new DueEntry(Pairs.Id, scenario.Now, null), CancellationToken.None));
        var noted = scenario.DueTimes(Pairs.Id)[0];
        using var overdue = scenario.Metric<int>("finx.rotations.overdue");
        scenario.Pass(noted.AddHours(1) - scenario.Now);
        Assert.Equal(0, Tick());
        scenario.Do((RotationSchedule schedule) => schedule.AddAsync(new DueEntry(Pairs.Id, scenario.Now.AddHours(-1).AddSeconds(-1), null), CancellationToken.None));
        Assert.Equal(1, Tick());

        int Tick()
        {
            scenario.Tick();
            return overdue.LastMeasurement!.Value;
        }
    }

    [Fact]
    public void The_shortest_remaining_life_of_any_refresh_token_is_measured()
    {
        var scenario = new Scenario();
        var id = scenario.Connect();
        var end = scenario.Connection(id).RefreshExpiresAt!.Value;
        scenario.Pass(TimeSpan.FromDays(10));
        scenario.Tick();
        using var slack = scenario.Metric<double>("finx.rotation.slack");
        var began = scenario.Now;

        scenario.Tick();

        Assert.Equal((end - began).TotalDays, slack.LastMeasurement!.Value);
    }

    [Fact]
    public void Without_any_token_no_remaining_life_is_measured()
    {
        var scenario = new Scenario();
        using var slack = scenario.Metric<double>("finx.rotation.slack");

        scenario.Tick();

        Assert.Empty(slack.GetMeasurementSnapshot());
    }

    [Fact]
    public void A_failure_of_one_connection_does_not_stop_the_others()
    {
        var scenario = new Scenario(("Tokens:TickConcurrency", "1"));
        var (one, other) = (scenario.Connect(), scenario.Connect());
        MakeDue(scenario, one);
        MakeDue(scenario, other);
        scenario.Script.On("connections.query", ScriptedFault.Fails());

        scenario.Tick();

        Assert.Equal([1, 2], new[] { scenario.Connection(one).Generation, scenario.Connection(other).Generation }.Order());
        var failed = scenario.Logs.GetSnapshot().Single(line => line.Id.Id == 31);
        Assert.IsType<StorageException>(failed.Exception);
        Assert.Equal("Tick: 2 due, 2 reconciled, 1 failed.", scenario.Logs.GetSnapshot().Single(line => line.Id.Id == 30).Message);
        scenario.Pass(TimeSpan.FromMinutes(1));
        scenario.Tick();
        Assert.Equal((2, 2), (scenario.Connection(one).Generation, scenario.Connection(other).Generation));
    }

    [Fact]
    public void A_tick_that_fails_as_a_whole_is_counted_as_failed()
    {
        var scenario = new Scenario();
        using var ticks = scenario.Metric<long>("finx.ticks");
        scenario.Script.On("agenda.query", ScriptedFault.Fails());

        Assert.Throws<StorageException>(scenario.Tick);

        Assert.Equal("failed", Assert.Single(ticks.GetMeasurementSnapshot()).Tags["outcome"]);
    }

    [Fact]
    public void The_most_urgent_connection_comes_first()
    {
        var scenario = new Scenario(("Tokens:TickConcurrency", "1"), ("Tokens:TickBudget", "00:00:01"));
        var ids = Enumerable.Range(0, 3).Select(_ => scenario.Connect()).ToList();
        foreach (var (index, id) in ids.Index())
        {
            MakeDue(scenario, id, deadline: scenario.Now.AddDays(10 - index));
        }

        scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(2)), times: int.MaxValue);
        scenario.Tick();

        Assert.Equal([1, 1, 2], ids.Select(id => scenario.Connection(id).Generation));
        scenario.Tick();
        Assert.Equal([1, 2, 2], ids.Select(id => scenario.Connection(id).Generation));
    }

    [Fact]
    public void What_exceeds_the_budget_waits_for_the_next_tick_and_the_tick_is_done()
    {
        var scenario = new Scenario(("Tokens:TickConcurrency", "1"), ("Tokens:TickBudget", "00:00:01"));
        var ids = Enumerable.Range(0, 2).Select(_ => scenario.Connect()).ToList();
        ids.ForEach(id => MakeDue(scenario, id));
        using var ticks = scenario.Metric<long>("finx.ticks");
        scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(2)));

        scenario.Tick();

        Assert.Equal("done", Assert.Single(ticks.GetMeasurementSnapshot()).Tags["outcome"]);
        Assert.Equal("Tick: 2 due, 1 reconciled, 0 failed.", scenario.Logs.GetSnapshot().Single(line => line.Id.Id == 30).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stop_ends_the_tick_and_waits_for_the_work_under_way(bool ofProcess)
    {
        var scenario = new Scenario(("Tokens:TickConcurrency", "1"));
        var ids = Enumerable.Range(0, 2).Select(_ => scenario.Connect()).ToList();
        ids.ForEach(id => MakeDue(scenario, id));
        var ticks = scenario.Metric<long>("finx.ticks");
        using var cancelled = new CancellationTokenSource();
        var background = scenario.Get<BackgroundWork>();
        scenario.Script.On("token", ScriptedFault.After(() => Stop(ofProcess)));

        scenario.Do((RotationTimer timer) => timer.TickAsync(cancelled.Token));

        Assert.Equal([1, 2], ids.Select(id => scenario.Connection(id).Generation).Order());
        Assert.Equal("stopped", Assert.Single(ticks.GetMeasurementSnapshot()).Tags["outcome"]);
        Assert.All(ids, id => Assert.Null(scenario.Snapshot(id).Lease));

        void Stop(bool isProcess)
        {
            if (isProcess)
            {
                background.StoppingAsync(CancellationToken.None);
            }
            else
            {
                cancelled.Cancel();
            }
        }
    }

    [Fact]
    public void A_stop_waits_for_a_tick_that_is_under_way()
    {
        var scenario = new Scenario();
        var id = scenario.Connect();
        MakeDue(scenario, id);
        scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(20)));
        var tick = scenario.Begin(async (RotationTimer timer) =>
        {
            await timer.TickAsync(CancellationToken.None);
            return true;
        });
        scenario.Pass(TimeSpan.FromSeconds(1));

        scenario.Do(async (BackgroundWork work) =>
        {
            await work.StoppingAsync(CancellationToken.None);
            await work.StopAsync(CancellationToken.None);
        });

        Assert.True(tick.IsCompleted);
        Assert.Equal(2, scenario.Connection(id).Generation);
    }

    [Theory]
    [InlineData("2", 1.5)]
    [InlineData("1000", 0.0)]
    public void A_tick_keeps_to_the_configured_rate(string perSecond, double seconds)
    {
        var scenario = new Scenario(("Tokens:TickRefreshesPerSecond", perSecond));
        var ids = Enumerable.Range(0, 6).Select(_ => scenario.Connect()).ToList();
        ids.ForEach(id => MakeDue(scenario, id));
        var began = scenario.Now;

        scenario.Tick();

        Assert.All(ids, id => Assert.Equal(2, scenario.Connection(id).Generation));
        Assert.InRange(scenario.Now - began, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds + 0.4));
    }

    [Fact]
    public void A_tick_keeps_to_the_rate_of_the_vaults()
    {
        var scenario = new Scenario(("Tokens:TickRefreshesPerSecond", "1000"), ("Tokens:TickConcurrency", "256"));
        for (var entry = 0; entry < 151; entry++)
        {
            scenario.Do((RotationSchedule schedule) => schedule.AddAsync(new DueEntry(ConnectionId.New(), scenario.Now, null), CancellationToken.None));
        }

        var began = scenario.Now;
        scenario.Tick();

        // 25 a second for each of two vaults, a second's worth of them at once: 51 at first, and 100 more.
        Assert.InRange(scenario.Now - began, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.2));
    }

    [Fact]
    public void A_tick_reconciles_several_connections_at_a_time()
    {
        var scenario = new Scenario(("Tokens:TickConcurrency", "3"));
        var ids = Enumerable.Range(0, 6).Select(_ => scenario.Connect()).ToList();
        ids.ForEach(id => MakeDue(scenario, id));
        scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(10)), times: 6);
        var began = scenario.Now;

        scenario.Tick();

        Assert.InRange(scenario.Now - began, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(21));
    }

    [Fact]
    public void A_tick_finds_a_connection_whose_entry_was_lost()
    {
        var scenario = new Scenario();
        var id = scenario.Connect();
        MakeDue(scenario, id);
        foreach (var at in scenario.DueTimes(id))
        {
            scenario.Do((RotationSchedule schedule) => schedule.RemoveAsync(new DueEntry(id, at, null), CancellationToken.None));
        }

        scenario.Pass(TimeSpan.FromHours(7));
        scenario.Tick();
        scenario.Tick();
        scenario.Tick();

        Assert.Equal(2, scenario.Connection(id).Generation);
    }

    [Fact]
    public void A_tick_without_failures_logs_no_warning()
    {
        var scenario = new Scenario();
        MakeDue(scenario, scenario.Connect());

        scenario.Tick();

        Assert.DoesNotContain(scenario.Logs.GetSnapshot(), line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public void Each_successful_rotation_logs_one_line_and_no_warning()
    {
        var scenario = new Scenario();
        var ids = Enumerable.Range(0, 500).Select(_ => scenario.Connect()).ToList();
        scenario.Pass(TimeSpan.FromDays(45));

        scenario.Tick();
        scenario.Settle();

        Assert.All(ids, id => Assert.Equal(2, scenario.Connection(id).Generation));
        var lines = scenario.Logs.GetSnapshot().Where(line => line.Category != "FinxFunctions.Audit").ToList();
        Assert.DoesNotContain(lines, line => line.Level >= LogLevel.Warning);
        Assert.Equal(ids.Count, lines.Count(line => line.Id.Id == 10));
        Assert.Equal(ids.Count + 1, lines.Count(line => line.Category!.StartsWith("Finx", StringComparison.Ordinal))); // and one of the tick
    }

    private static void MakeDue(Scenario scenario, string id, DateTimeOffset? deadline = null)
    {
        var at = scenario.Now;
        scenario.Do((RotationSchedule schedule) => schedule.AddAsync(new DueEntry(id, at, deadline ?? at.AddDays(1)), CancellationToken.None));
        scenario.Change(id, row => row with { NextRotationAt = at, DueAt = at });
    }
}
