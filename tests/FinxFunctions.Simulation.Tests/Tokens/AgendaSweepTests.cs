using Finx.Connections;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.Tokens;

public sealed class AgendaSweepTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    private readonly Stage _stage = new();

    [Fact]
    public void A_connection_whose_visit_is_overdue_by_far_gets_its_entry_again()
    {
        var id = Lose(_stage.Connect());
        var visitAt = _stage.Connection(id).VisitAt!.Value;
        Step();
        _stage.Pass(visitAt + Patience - _stage.Now);
        Step();
        Assert.Empty(_stage.Agenda(id));

        Step();

        Assert.Equal([visitAt], _stage.Agenda(id));
        Assert.Equal(_stage.Connection(id).RefreshExpiresAt, _stage.Rows("agenda").Single().Values["Deadline"]);
    }

    [Fact]
    public void A_connection_that_awaits_no_visit_gets_none()
    {
        var id = Lose(_stage.Connect());
        _stage.Change(id, row => row with { VisitAt = null });

        Sweep();

        Assert.Empty(_stage.Agenda(id));
    }

    [Fact]
    public void Step_by_step_it_comes_round_to_all()
    {
        var ids = Enumerable.Range(0, 1100).Select(number => $"{number:x32}").ToList();
        foreach (var id in ids)
        {
            _stage.Do((ConnectionStore store) => store.TryCreateAsync(
                new Connection { Id = id, Owner = "owner", UserKey = "user", CreatedAt = _stage.Now, Vault = new Uri("https://one.vault.azure.net/"), VisitAt = _stage.Now.AddDays(-1) },
                new Finx.Links.Link(id, id, new Uri("https://app.example/"), null, _stage.Now, _stage.Now),
                CancellationToken.None));
        }

        // From somewhere to the end, then 500 at a time from the beginning, and so round again.
        Step();
        Assert.Equal(500, SweepNew());
        Assert.Equal(500, SweepNew());
        Assert.Equal(100, SweepNew());
        Assert.Equal(500, SweepNew());

        int SweepNew()
        {
            foreach (var row in _stage.Rows("agenda"))
            {
                _stage.Do((Agenda agenda) => agenda.RemoveAsync(new AgendaEntry(row.RowKey[20..], new DateTimeOffset(long.Parse(row.RowKey[..19], System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero), null), CancellationToken.None));
            }

            Step();
            return _stage.Rows("agenda").Count;
        }
    }

    [Fact]
    public void Each_process_begins_somewhere_else()
    {
        // Of 40 that begin anywhere, some begin behind a connection in the middle and some before it.
        var id = "80000000000000000000000000000000";
        _stage.Do((ConnectionStore store) => store.TryCreateAsync(
            new Connection { Id = id, Owner = "owner", UserKey = "user", CreatedAt = _stage.Now, Vault = new Uri("https://one.vault.azure.net/"), VisitAt = _stage.Now.AddDays(-1) },
            new Finx.Links.Link("link", "flow", new Uri("https://app.example/"), null, _stage.Now, _stage.Now),
            CancellationToken.None));

        var found = Enumerable.Range(0, 40).Select(_ =>
        {
            var twin = _stage.Twin();
            twin.Do((AgendaSweep sweep) => sweep.StepAsync(CancellationToken.None));
            return twin.Script.Calls.Contains("agenda.upsert");
        }).ToList();

        Assert.Contains(true, found);
        Assert.Contains(false, found);
    }

    /// <summary>Two steps come round to everything where there is little.</summary>
    private void Sweep()
    {
        Step();
        Step();
    }

    private void Step() => _stage.Do((AgendaSweep sweep) => sweep.StepAsync(CancellationToken.None));

    private string Lose(string id)
    {
        foreach (var at in _stage.Agenda(id))
        {
            _stage.Do((Agenda agenda) => agenda.RemoveAsync(new AgendaEntry(id, at, null), CancellationToken.None));
        }

        return id;
    }
}
