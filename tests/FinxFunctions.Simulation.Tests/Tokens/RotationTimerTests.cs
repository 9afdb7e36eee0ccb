using Finx.Connections;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;
using Microsoft.Extensions.Logging;

namespace FinxFunctions.Simulation.Tests.Tokens;

public sealed class RotationTimerTests
{
    [Fact]
    public void A_tick_does_what_is_due_and_says_so()
    {
        var stage = new Stage();
        var (one, other) = (stage.Connect(), stage.Connect());
        MakeDue(stage, one);
        using var ticks = stage.Metric<long>("finx.ticks");
        using var due = stage.Metric<int>("finx.rotations.due");
        using var overdue = stage.Metric<int>("finx.rotations.overdue");

        stage.Tick();

        Assert.Equal((2, 1), (stage.Connection(one).Generation, stage.Connection(other).Generation));
        Assert.Equal("done", Assert.Single(ticks.GetMeasurementSnapshot()).Tags["outcome"]);
        Assert.Equal((1, 0), (due.LastMeasurement!.Value, overdue.LastMeasurement!.Value));
        Assert.Equal("Tick: 1 due, 1 visited, 0 failed.", stage.Logs.GetSnapshot().Single(line => line.Id.Id == 30).Message);
    }

    [Fact]
    public void What_waits_for_more_than_an_hour_is_overdue()
    {
        var stage = new Stage();
        stage.Do((Agenda agenda) => agenda.AddAsync(new AgendaEntry(Pairs.Id, stage.Now, null), CancellationToken.None));
        var noted = stage.Agenda(Pairs.Id)[0];
        using var overdue = stage.Metric<int>("finx.rotations.overdue");
        stage.Pass(noted.AddHours(1) - stage.Now);
        Assert.Equal(0, Tick());
        stage.Do((Agenda agenda) => agenda.AddAsync(new AgendaEntry(Pairs.Id, stage.Now.AddHours(-1).AddSeconds(-1), null), CancellationToken.None));
        Assert.Equal(1, Tick());

        int Tick()
        {
            stage.Tick();
            return overdue.LastMeasurement!.Value;
        }
    }

    [Fact]
    public void The_least_that_is_left_of_any_refresh_token_is_measured()
    {
        var stage = new Stage();
        var id = stage.Connect();
        var end = stage.Connection(id).RefreshExpiresAt!.Value;
        stage.Pass(TimeSpan.FromDays(10));
        stage.Tick();
        using var slack = stage.Metric<double>("finx.rotation.slack");
        var began = stage.Now;

        stage.Tick();

        Assert.Equal((end - began).TotalDays, slack.LastMeasurement!.Value);
    }

    [Fact]
    public void Where_no_token_is_kept_nothing_is_left_to_measure()
    {
        var stage = new Stage();
        using var slack = stage.Metric<double>("finx.rotation.slack");

        stage.Tick();

        Assert.Empty(slack.GetMeasurementSnapshot());
    }

    [Fact]
    public void One_connections_trouble_is_not_anothers()
    {
        var stage = new Stage(("Tokens:TickConcurrency", "1"));
        var (one, other) = (stage.Connect(), stage.Connect());
        MakeDue(stage, one);
        MakeDue(stage, other);
        stage.Script.On("connections.query", Mishap.Fails());

        stage.Tick();

        Assert.Equal([1, 2], new[] { stage.Connection(one).Generation, stage.Connection(other).Generation }.Order());
        var failed = stage.Logs.GetSnapshot().Single(line => line.Id.Id == 31);
        Assert.IsType<StorageException>(failed.Exception);
        Assert.Equal("Tick: 2 due, 2 visited, 1 failed.", stage.Logs.GetSnapshot().Single(line => line.Id.Id == 30).Message);
        stage.Tick();
        Assert.Equal((2, 2), (stage.Connection(one).Generation, stage.Connection(other).Generation));
    }

    [Fact]
    public void A_tick_that_fails_as_a_whole_is_counted_as_failed()
    {
        var stage = new Stage();
        using var ticks = stage.Metric<long>("finx.ticks");
        stage.Script.On("agenda.query", Mishap.Fails());

        Assert.Throws<StorageException>(stage.Tick);

        Assert.Equal("failed", Assert.Single(ticks.GetMeasurementSnapshot()).Tags["outcome"]);
    }

    [Fact]
    public void The_most_urgent_comes_first()
    {
        var stage = new Stage(("Tokens:TickConcurrency", "1"), ("Tokens:TickBudget", "00:00:01"));
        var ids = Enumerable.Range(0, 3).Select(_ => stage.Connect()).ToList();
        foreach (var (index, id) in ids.Index())
        {
            MakeDue(stage, id, deadline: stage.Now.AddDays(10 - index));
        }

        stage.Script.On("token", Mishap.Late(TimeSpan.FromSeconds(2)), times: int.MaxValue);
        stage.Tick();

        Assert.Equal([1, 1, 2], ids.Select(id => stage.Connection(id).Generation));
        stage.Tick();
        Assert.Equal([1, 2, 2], ids.Select(id => stage.Connection(id).Generation));
    }

    [Fact]
    public void What_does_not_fit_into_the_budget_waits_for_the_next_tick_and_the_tick_is_done()
    {
        var stage = new Stage(("Tokens:TickConcurrency", "1"), ("Tokens:TickBudget", "00:00:01"));
        var ids = Enumerable.Range(0, 2).Select(_ => stage.Connect()).ToList();
        ids.ForEach(id => MakeDue(stage, id));
        using var ticks = stage.Metric<long>("finx.ticks");
        stage.Script.On("token", Mishap.Late(TimeSpan.FromSeconds(2)));

        stage.Tick();

        Assert.Equal("done", Assert.Single(ticks.GetMeasurementSnapshot()).Tags["outcome"]);
        Assert.Equal("Tick: 2 due, 1 visited, 0 failed.", stage.Logs.GetSnapshot().Single(line => line.Id.Id == 30).Message);
    }

    [Fact]
    public void A_host_that_stops_ends_the_tick()
    {
        var stage = new Stage(("Tokens:TickConcurrency", "1"));
        var ids = Enumerable.Range(0, 2).Select(_ => stage.Connect()).ToList();
        ids.ForEach(id => MakeDue(stage, id));
        using var stopping = new CancellationTokenSource();
        stage.Script.On("token", Mishap.After(stopping.Cancel));

        Assert.ThrowsAny<OperationCanceledException>(() => stage.Do((RotationTimer timer) => timer.TickAsync(stopping.Token)));

        Assert.Equal([1, 2], ids.Select(id => stage.Connection(id).Generation).Order());
    }

    [Theory]
    [InlineData("2", 1.5)]
    [InlineData("1000", 0.0)]
    public void It_asks_no_more_than_so_much_a_second(string perSecond, double seconds)
    {
        var stage = new Stage(("Tokens:TickRefreshesPerSecond", perSecond));
        var ids = Enumerable.Range(0, 6).Select(_ => stage.Connect()).ToList();
        ids.ForEach(id => MakeDue(stage, id));
        var began = stage.Now;

        stage.Tick();

        Assert.All(ids, id => Assert.Equal(2, stage.Connection(id).Generation));
        Assert.InRange(stage.Now - began, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds + 0.4));
    }

    [Fact]
    public void And_no_more_than_the_vaults_take()
    {
        var stage = new Stage(("Tokens:TickRefreshesPerSecond", "1000"), ("Tokens:TickConcurrency", "256"));
        for (var entry = 0; entry < 151; entry++)
        {
            stage.Do((Agenda agenda) => agenda.AddAsync(new AgendaEntry(ConnectionId.New(), stage.Now, null), CancellationToken.None));
        }

        var began = stage.Now;
        stage.Tick();

        // 25 a second for each of two vaults, a second's worth of them at once: 51 at first, and 100 more.
        Assert.InRange(stage.Now - began, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.2));
    }

    [Fact]
    public void Several_are_worked_on_at_a_time()
    {
        var stage = new Stage(("Tokens:TickConcurrency", "3"));
        var ids = Enumerable.Range(0, 6).Select(_ => stage.Connect()).ToList();
        ids.ForEach(id => MakeDue(stage, id));
        stage.Script.On("token", Mishap.Late(TimeSpan.FromSeconds(10)), times: 6);
        var began = stage.Now;

        stage.Tick();

        Assert.InRange(stage.Now - began, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(21));
    }

    [Fact]
    public void A_tick_finds_what_the_agenda_lost()
    {
        var stage = new Stage();
        var id = stage.Connect();
        MakeDue(stage, id);
        foreach (var at in stage.Agenda(id))
        {
            stage.Do((Agenda agenda) => agenda.RemoveAsync(new AgendaEntry(id, at, null), CancellationToken.None));
        }

        stage.Pass(TimeSpan.FromHours(7));
        stage.Tick();
        stage.Tick();
        stage.Tick();

        Assert.Equal(2, stage.Connection(id).Generation);
    }

    [Fact]
    public void Nothing_is_alarming_about_a_tick_that_goes_well()
    {
        var stage = new Stage();
        MakeDue(stage, stage.Connect());

        stage.Tick();

        Assert.DoesNotContain(stage.Logs.GetSnapshot(), line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public void However_many_healthy_rotations_write_a_line_each_and_no_warning()
    {
        var stage = new Stage();
        var ids = Enumerable.Range(0, 500).Select(_ => stage.Connect()).ToList();
        stage.Pass(TimeSpan.FromDays(45));

        stage.Tick();
        stage.Settle();

        Assert.All(ids, id => Assert.Equal(2, stage.Connection(id).Generation));
        var lines = stage.Logs.GetSnapshot().Where(line => line.Category != "FinxFunctions.Audit").ToList();
        Assert.DoesNotContain(lines, line => line.Level >= LogLevel.Warning);
        Assert.Equal(ids.Count, lines.Count(line => line.Id.Id == 10));
        Assert.Equal(ids.Count + 1, lines.Count(line => line.Category!.StartsWith("Finx", StringComparison.Ordinal))); // and one of the tick
    }

    private static void MakeDue(Stage stage, string id, DateTimeOffset? deadline = null)
    {
        var at = stage.Now;
        stage.Do((Agenda agenda) => agenda.AddAsync(new AgendaEntry(id, at, deadline ?? at.AddDays(1)), CancellationToken.None));
        stage.Change(id, row => row with { NextRotationAt = at, VisitAt = at });
    }
}
