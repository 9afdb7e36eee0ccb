using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>finX refuses the token a second time, after a pause: that is the end, but only after a look at the stores.</summary>
public sealed class RefusalTests
{
    private readonly Scenario _scenario = new();
    private readonly string _id;

    public RefusalTests()
    {
        _id = _scenario.Connect();
        _scenario.RefuseOnce(_id);
    }

    [Fact]
    public void It_leaves_the_connection_to_its_user()
    {
        var schedule = _scenario.DueTimes(_id);
        _scenario.Script.On("token", ScriptedFault.Refuses());

        var ended = Assert.IsType<RotationOutcome.NeedsReconsent>(_scenario.Refresh(_id));
        _scenario.Settle();

        var connection = _scenario.Connection(_id);
        Assert.Equal("refused", ended.Reason);
        Assert.Equal((ConnectionStatus.NeedsReconsent, "refused", 1, null), (connection.Status, connection.Reason, connection.Generation, connection.NextRotationAt));
        Assert.Null(_scenario.Snapshot(_id).Lease);
        Assert.Equal(schedule, _scenario.DueTimes(_id));
        Assert.Equal([13, 15], _scenario.Events);
        Assert.Equal(["tester rotation 1 refused"], _scenario.Records);
    }

    [Fact]
    public void It_leaves_links_alone()
    {
        var link = _scenario.CreateLink(_id);
        _scenario.Script.On("token", ScriptedFault.Refuses());

        _scenario.Refresh(_id);

        Assert.Equal("Pending", _scenario.Snapshot(_id).Links.Single(stored => stored.FlowId == link.FlowId).Status.ToString());
    }

    [Fact]
    public void Where_the_generation_moved_it_was_a_lost_race() => AssertLost(() => _scenario.Change(_id, row => row with { Generation = 2 }));

    [Fact]
    public void Where_the_lease_changed_hands_it_was_a_lost_race() => AssertLost(() => _scenario.ChangeLease(_id, lease => lease with { Holder = "another" }));

    [Fact]
    public void Where_the_lease_is_gone_it_was_a_lost_race() => AssertLost(() => _scenario.Release(_id));

    [Fact]
    public void Where_an_answer_was_persisted_it_was_a_lost_race()
    {
        var dataKey = _scenario.Do((DataKeys dataKeys) => dataKeys.CurrentAsync(CancellationToken.None));

        AssertLost(() => _scenario.ChangeLease(_id, lease => lease with { Answer = dataKey.Encrypt("{}"u8, _id, 2) }));
    }

    [Fact]
    public void Where_the_connection_is_gone_it_was_a_lost_race()
    {
        _scenario.Script.On("token", ScriptedFault.Refuses() with { Meanwhile = Do(() => _scenario.Remove(_id)) });

        Assert.IsType<RotationOutcome.LostRace>(_scenario.Refresh(_id));
    }

    [Fact]
    public void A_change_beside_it_does_not_matter()
    {
        _scenario.Script.On("token", ScriptedFault.Refuses());
        _scenario.Script.On("connections.submit", ScriptedFault.After(() => _scenario.CreateLink(_id)), skip: 1);

        Assert.IsType<RotationOutcome.NeedsReconsent>(_scenario.Refresh(_id));

        Assert.Equal(2, _scenario.Snapshot(_id).Links.Count);
    }

    [Fact]
    public void Where_the_lease_changes_hands_at_the_last_moment_it_was_a_lost_race()
    {
        _scenario.Script.On("token", ScriptedFault.Refuses());
        _scenario.Script.On("connections.submit", ScriptedFault.After(() => _scenario.ChangeLease(_id, lease => lease with { Holder = "another" })), skip: 1);

        Assert.IsType<RotationOutcome.LostRace>(_scenario.Refresh(_id));

        Assert.Equal(ConnectionStatus.Active, _scenario.Connection(_id).Status);
        Assert.Empty(_scenario.Records);
    }

    [Fact]
    public void Where_the_lease_is_anothers_at_the_last_moment_it_was_a_lost_race()
    {
        _scenario.Script.On("token", ScriptedFault.Refuses());
        _scenario.Script.On("connections.submit", ScriptedFault.After(() => _scenario.ChangeLease(_id, lease => lease with { ExpiresAt = lease.ExpiresAt.AddSeconds(1) })), skip: 1);

        Assert.IsType<RotationOutcome.LostRace>(_scenario.Refresh(_id));
    }

    private static Func<Task> Do(Action act) => () =>
    {
        act();
        return Task.CompletedTask;
    };

    private void AssertLost(Action meanwhile)
    {
        _scenario.Script.On("token", ScriptedFault.Refuses() with { Meanwhile = Do(meanwhile) });

        Assert.IsType<RotationOutcome.LostRace>(_scenario.Refresh(_id));

        Assert.Equal(ConnectionStatus.Active, _scenario.Connection(_id).Status);
        Assert.Empty(_scenario.Records);
    }
}
