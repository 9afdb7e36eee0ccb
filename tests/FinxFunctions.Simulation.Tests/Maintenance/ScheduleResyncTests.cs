using FinxFunctions.Maintenance;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Maintenance;

public sealed class ScheduleResyncTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    private readonly Scenario _scenario = new();

    [Fact]
    public void A_connection_that_is_long_overdue_gets_its_entry_again()
    {
        var id = Lose(_scenario.Connect());
        var dueAt = _scenario.Connection(id).DueAt!.Value;
        Step();
        _scenario.Pass(dueAt + Patience - _scenario.Now);
        Step();
        Assert.Empty(_scenario.DueTimes(id));

        Step();

        Assert.Equal([dueAt], _scenario.DueTimes(id));
        Assert.Equal(_scenario.Connection(id).RefreshExpiresAt, _scenario.Rows("agenda").Single().Values["Deadline"]);
    }

    [Fact]
    public void A_connection_without_a_due_time_gets_no_entry()
    {
        var id = Lose(_scenario.Connect());
        _scenario.Change(id, row => row with { DueAt = null });

        Sweep();

        Assert.Empty(_scenario.DueTimes(id));
    }

    [Fact]
    public void Step_by_step_all_connections_are_read()
    {
        var ids = Enumerable.Range(0, 1100).Select(number => $"{number:x32}").ToList();
        foreach (var id in ids)
        {
            _scenario.Do((ConnectionStore store) => store.TryCreateAsync(
                new Connection { Id = id, CallerId = "owner", UserKey = "user", CreatedAt = _scenario.Now, Vault = new Uri("https://one.vault.azure.net/"), DueAt = _scenario.Now.AddDays(-1) },
                new Link(id, id, new Uri("https://app.example/"), null, _scenario.Now, _scenario.Now),
                CancellationToken.None));
        }

        // From a random connection to the end, then 500 at a time from the beginning, and so on.
        Step();
        Assert.Equal(500, SweepNew());
        Assert.Equal(500, SweepNew());
        Assert.Equal(100, SweepNew());
        Assert.Equal(500, SweepNew());

        int SweepNew()
        {
            foreach (var row in _scenario.Rows("agenda"))
            {
                _scenario.Do((RotationSchedule schedule) => schedule.RemoveAsync(new DueEntry(row.RowKey[20..], new DateTimeOffset(long.Parse(row.RowKey[..19], System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero), null), CancellationToken.None));
            }

            Step();
            return _scenario.Rows("agenda").Count;
        }
    }

    [Fact]
    public void Each_process_begins_at_a_random_connection()
    {
        // Of 40 that begin at random, some begin after a connection in the middle and some before it.
        var id = "80000000000000000000000000000000";
        _scenario.Do((ConnectionStore store) => store.TryCreateAsync(
            new Connection { Id = id, CallerId = "owner", UserKey = "user", CreatedAt = _scenario.Now, Vault = new Uri("https://one.vault.azure.net/"), DueAt = _scenario.Now.AddDays(-1) },
            new Link("link", "flow", new Uri("https://app.example/"), null, _scenario.Now, _scenario.Now),
            CancellationToken.None));

        var found = Enumerable.Range(0, 40).Select(_ =>
        {
            var other = _scenario.OtherProcess();
            other.Do((ScheduleResync resync) => resync.StepAsync(CancellationToken.None));
            return other.Script.Calls.Contains("agenda.upsert");
        }).ToList();

        Assert.Contains(true, found);
        Assert.Contains(false, found);
    }

    /// <summary>Two steps read everything if there is little.</summary>
    private void Sweep()
    {
        Step();
        Step();
    }

    private void Step() => _scenario.Do((ScheduleResync resync) => resync.StepAsync(CancellationToken.None));

    private string Lose(string id)
    {
        foreach (var at in _scenario.DueTimes(id))
        {
            _scenario.Do((RotationSchedule schedule) => schedule.RemoveAsync(new DueEntry(id, at, null), CancellationToken.None));
        }

        return id;
    }
}
