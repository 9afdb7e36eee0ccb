using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>An answer on the instance's disk outlives the process that received it.</summary>
public sealed class AnswerJournalTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"journal-{Guid.NewGuid():N}");
    private readonly Scenario _scenario;
    private readonly string _id;

    public AnswerJournalTests()
    {
        _scenario = new Scenario(("Tokens:JournalDirectory", _directory));
        _id = _scenario.Connect();
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    public void An_answer_of_a_process_that_died_before_it_was_persisted_is_persisted_by_the_next()
    {
        var token = _scenario.Pair(_id).RefreshToken!;
        var next = DieBeforeThePersist();

        Replay(next);

        Assert.Equal(2, _scenario.Connection(_id).Generation);
        Assert.True(_scenario.Finx.Honours(next.Pair(_id).AccessToken.Reveal()));
        Assert.Equal(1, _scenario.Presentations(token));
        Assert.Empty(Entries);
    }

    [Fact]
    public void And_the_answer_to_a_code_connects()
    {
        var link = _scenario.CreateLink();
        _scenario.Script.On("connections.update", ScriptedFault.Kills(acts: false));
        var query = _scenario.Finish(link);
        _ = _scenario.Begin((FinxFunctions.Callback.CallbackService callback) => callback.HandleAsync(query, CancellationToken.None));
        _scenario.Pass(TimeSpan.FromSeconds(5));
        var next = _scenario.OtherProcess();

        Replay(next);

        Assert.Equal(ConnectionStatus.Active, _scenario.Connection(link.ConnectionId).Status);
        Assert.Equal(1, _scenario.Presentations(query.Code!));
    }

    [Fact]
    public void While_the_table_is_down_the_entry_stays()
    {
        var next = DieBeforeThePersist();
        next.Script.On("connections.query", ScriptedFault.Fails(), times: 3);

        Replay(next);

        Assert.Equal(2, _scenario.Connection(_id).Generation);
        Assert.Empty(Entries);
    }

    [Fact]
    public void An_entry_whose_answer_was_persisted_after_all_changes_nothing()
    {
        _scenario.Script.On("connections.update", ScriptedFault.Kills(acts: true));
        _ = _scenario.BeginRefresh(_id);
        _scenario.Pass(TimeSpan.FromSeconds(5));
        Assert.Single(Entries);

        Replay(_scenario.OtherProcess());

        Assert.Equal(2, _scenario.Connection(_id).Generation);
        Assert.Empty(Entries);
    }

    [Fact]
    public void An_entry_of_a_connection_that_moved_on_is_dropped()
    {
        var next = DieBeforeThePersist();
        next.Release(_id, row => row with { Generation = 7 });

        Replay(next);

        Assert.Equal(7, _scenario.Connection(_id).Generation);
        Assert.Empty(Entries);
    }

    [Fact]
    public void An_entry_that_is_not_whole_is_removed()
    {
        Directory.CreateDirectory(_directory);
        File.WriteAllText(Path.Combine(_directory, "half.answer"), "{\"ConnectionId\":\"");

        Replay(_scenario);

        Assert.Empty(Entries);
    }

    [Fact]
    public void No_token_is_on_the_disk_in_clear()
    {
        DieBeforeThePersist();

        Assert.DoesNotContain(StandIns.InMemoryFinx.Mark, File.ReadAllText(Assert.Single(Entries)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_cannot_be_written_costs_no_answer()
    {
        Directory.Delete(_directory);
        var scenario = new Scenario(("Tokens:JournalDirectory", _directory));
        File.WriteAllText(_directory, "a file where the directory should be");
        try
        {
            Assert.IsType<RotationOutcome.Rotated>(scenario.Refresh(scenario.Connect()));

            Assert.Contains(26, scenario.Events);
        }
        finally
        {
            File.Delete(_directory);
        }
    }

    [Fact]
    public void After_a_rotation_the_journal_is_empty()
    {
        _scenario.Refresh(_id);

        Assert.Empty(Entries);
    }

    private string[] Entries => Directory.Exists(_directory) ? Directory.GetFiles(_directory) : [];

    private Scenario DieBeforeThePersist()
    {
        _scenario.Script.On("connections.update", ScriptedFault.Kills(acts: false));
        _ = _scenario.BeginRefresh(_id);
        _scenario.Pass(TimeSpan.FromSeconds(5));
        Assert.Null(_scenario.Snapshot(_id).Lease!.Answer);
        return _scenario.OtherProcess();
    }

    private static void Replay(Scenario process)
    {
        process.Do((JournalReplay replay) =>
        {
            replay.Start();
            return Task.CompletedTask;
        });
        process.Settle();
    }
}
