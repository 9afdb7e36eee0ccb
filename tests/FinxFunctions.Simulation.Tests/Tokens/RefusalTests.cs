using Finx.Connections;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.Tokens;

/// <summary>finX refuses the token: death, but only after looking again.</summary>
public sealed class RefusalTests
{
    private readonly Stage _stage = new();
    private readonly string _id;

    public RefusalTests() => _id = _stage.Connect();

    [Fact]
    public void It_leaves_the_connection_to_its_user()
    {
        var agenda = _stage.Agenda(_id);
        _stage.Script.On("token", Mishap.Refuses());

        var ended = Assert.IsType<RotationOutcome.NeedsReconsent>(_stage.Refresh(_id));
        _stage.Settle();

        var connection = _stage.Connection(_id);
        Assert.Equal("refused", ended.Reason);
        Assert.Equal((ConnectionStatus.NeedsReconsent, "refused", 1, null), (connection.Status, connection.Reason, connection.Generation, connection.NextRotationAt));
        Assert.Null(_stage.Snapshot(_id).Claim);
        Assert.Equal(agenda, _stage.Agenda(_id));
        Assert.Equal([13, 15], _stage.Events);
        Assert.Equal(["tester rotation 1 refused"], _stage.Records);
    }

    [Fact]
    public void It_leaves_links_alone()
    {
        var link = _stage.CreateLink(_id);
        _stage.Script.On("token", Mishap.Refuses());

        _stage.Refresh(_id);

        Assert.Equal("Pending", _stage.Snapshot(_id).Links.Single(stored => stored.FlowId == link.FlowId).Status.ToString());
    }

    [Fact]
    public void Where_the_generation_moved_it_was_a_lost_race() => AssertLost(() => _stage.Change(_id, row => row with { Generation = 2 }));

    [Fact]
    public void Where_the_claim_changed_hands_it_was_a_lost_race() => AssertLost(() => _stage.ChangeClaim(_id, claim => claim with { Owner = "another" }));

    [Fact]
    public void Where_the_claim_is_gone_it_was_a_lost_race() => AssertLost(() => _stage.Release(_id));

    [Fact]
    public void Where_an_answer_was_kept_it_was_a_lost_race()
    {
        var sealing = _stage.Do((Sealer sealer) => sealer.CurrentAsync(CancellationToken.None));

        AssertLost(() => _stage.ChangeClaim(_id, claim => claim with { Answer = sealing.Seal("{}"u8, _id, 2) }));
    }

    [Fact]
    public void Where_the_connection_is_gone_it_was_a_lost_race()
    {
        _stage.Script.On("token", Mishap.Refuses() with { Meanwhile = Do(() => _stage.Remove(_id)) });

        Assert.IsType<RotationOutcome.LostRace>(_stage.Refresh(_id));
    }

    [Fact]
    public void A_change_beside_it_does_not_matter()
    {
        _stage.Script.On("token", Mishap.Refuses());
        _stage.Script.On("connections.submit", Mishap.After(() => _stage.CreateLink(_id)), skip: 1);

        Assert.IsType<RotationOutcome.NeedsReconsent>(_stage.Refresh(_id));

        Assert.Equal(2, _stage.Snapshot(_id).Links.Count);
    }

    [Fact]
    public void Where_the_claim_changes_hands_at_the_last_moment_it_was_a_lost_race()
    {
        _stage.Script.On("token", Mishap.Refuses());
        _stage.Script.On("connections.submit", Mishap.After(() => _stage.ChangeClaim(_id, claim => claim with { Owner = "another" })), skip: 1);

        Assert.IsType<RotationOutcome.LostRace>(_stage.Refresh(_id));

        Assert.Equal(ConnectionStatus.Active, _stage.Connection(_id).Status);
        Assert.Empty(_stage.Records);
    }

    [Fact]
    public void Where_the_lease_is_anothers_at_the_last_moment_it_was_a_lost_race()
    {
        _stage.Script.On("token", Mishap.Refuses());
        _stage.Script.On("connections.submit", Mishap.After(() => _stage.ChangeClaim(_id, claim => claim with { LeaseUntil = claim.LeaseUntil.AddSeconds(1) })), skip: 1);

        Assert.IsType<RotationOutcome.LostRace>(_stage.Refresh(_id));
    }

    private static Func<Task> Do(Action act) => () =>
    {
        act();
        return Task.CompletedTask;
    };

    private void AssertLost(Action meanwhile)
    {
        _stage.Script.On("token", Mishap.Refuses() with { Meanwhile = Do(meanwhile) });

        Assert.IsType<RotationOutcome.LostRace>(_stage.Refresh(_id));

        Assert.Equal(ConnectionStatus.Active, _stage.Connection(_id).Status);
        Assert.Empty(_stage.Records);
    }
}
