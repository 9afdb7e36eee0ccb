using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>The answer is persisted. The vault and the commit may take their time.</summary>
public sealed class CommitTests
{
    private static readonly TimeSpan AfterTheLease = TimeSpan.FromSeconds(100);

    private readonly Scenario _scenario = new();
    private readonly string _id;
    private readonly Secret _token;

    public CommitTests()
    {
        _id = _scenario.Connect();
        _token = _scenario.Pair(_id).RefreshToken!;
    }

    [Fact]
    public void With_the_vault_down_the_pair_is_served_from_the_encrypted_answer()
    {
        _scenario.Script.On("set", ScriptedFault.Fails());

        var pair = Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(_id)).Pair;

        Assert.Equal([19], _scenario.Events);
        Assert.Equal(1, _scenario.Connection(_id).Generation);
        Assert.Equal(pair, _scenario.Do((TokenPairReader pairs) => pairs.CurrentAsync(_scenario.Snapshot(_id), CancellationToken.None)));
        _scenario.Pass(AfterTheLease);
        Assert.Equal(pair, Assert.IsType<RotationOutcome.Rotated>(_scenario.Recover(_id)).Pair);
        Assert.Equal(pair, _scenario.Pair(_id));
        Assert.Equal(1, _scenario.Presentations(_token));
    }

    [Fact]
    public void With_the_table_down_the_pair_is_served_from_the_encrypted_answer()
    {
        _scenario.Script.On("connections.submit", ScriptedFault.Fails(), skip: 1);

        var pair = Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(_id)).Pair;

        Assert.Equal([20], _scenario.Events);
        Assert.Empty(_scenario.Records);
        Assert.NotNull(_scenario.Snapshot(_id).Lease!.Answer);
        _scenario.Pass(AfterTheLease);
        Assert.Equal(pair, Assert.IsType<RotationOutcome.Rotated>(_scenario.Recover(_id)).Pair);
    }

    [Fact]
    public void With_the_rotation_schedule_down_the_pair_is_served_from_the_encrypted_answer()
    {
        _scenario.Change(_id, row => row with { DueAt = null });
        _scenario.Script.On("agenda.upsert", ScriptedFault.Fails(), skip: 1);

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(_id));

        Assert.Equal([20], _scenario.Events);
    }

    [Fact]
    public void Where_the_former_refresh_token_is_needed_and_not_to_be_had_the_answer_waits()
    {
        _scenario.Script.On("token", ScriptedFault.Grants("""{"access_token":"~token~access","expires_in":3600}"""));
        _scenario.Script.On("get", ScriptedFault.Fails(), skip: 1);

        Assert.Throws<VaultException>(() => _scenario.Refresh(_id));

        Assert.NotNull(_scenario.Snapshot(_id).Lease!.Answer);
        _scenario.Pass(AfterTheLease);
        Assert.Equal(_token, Assert.IsType<RotationOutcome.Rotated>(_scenario.Recover(_id)).Pair.RefreshToken);
    }

    [Fact]
    public void A_commit_that_the_client_repeated_is_known_as_ones_own()
    {
        _scenario.Script.On("connections.submit", ScriptedFault.Repeated(), skip: 1);

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(_id));
        _scenario.Settle();

        Assert.Equal([10], _scenario.Events);
        Assert.Equal(["tester rotation 2 done"], _scenario.Records);
    }

    [Fact]
    public void A_link_that_was_added_beside_it_stays()
    {
        _scenario.Script.On("connections.submit", ScriptedFault.After(() => _scenario.OtherProcess().CreateLink(_id)), skip: 1);

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(_id));

        Assert.Equal(2, _scenario.Connection(_id).Generation);
        Assert.Equal(2, _scenario.Snapshot(_id).Links.Count);
    }

    [Fact]
    public void The_process_that_took_over_commits_the_same_answer_for_both()
    {
        var other = _scenario.OtherProcess();
        _scenario.Script.On("set", ScriptedFault.Late(TimeSpan.FromMinutes(3)));
        var slow = _scenario.BeginRefresh(_id);
        other.Pass(AfterTheLease);

        var pair = Assert.IsType<RotationOutcome.Rotated>(other.Recover(_id)).Pair;

        Assert.Equal(pair, Assert.IsType<RotationOutcome.Rotated>(_scenario.Await(slow)).Pair);
        Assert.Equal((2, 1), (_scenario.Connection(_id).Generation, _scenario.Presentations(_token)));
    }

    [Fact]
    public void While_the_process_that_took_over_works_the_pair_is_served_by_both()
    {
        var other = _scenario.OtherProcess();
        _scenario.Script.On("set", ScriptedFault.Late(TimeSpan.FromSeconds(110)));
        other.Script.On("set", ScriptedFault.Late(TimeSpan.FromSeconds(60)));
        var slow = _scenario.BeginRefresh(_id);
        other.Pass(AfterTheLease);
        var recovery = other.Begin(async (ConnectionStore store) => await other.Get<RotationProtocol>().RecoverAsync((await store.ReadAsync(_id, CancellationToken.None))!));

        var pair = Assert.IsType<RotationOutcome.Rotated>(_scenario.Await(slow)).Pair;

        Assert.Equal(1, _scenario.Connection(_id).Generation);
        Assert.Empty(_scenario.Records);
        Assert.Equal(pair, Assert.IsType<RotationOutcome.Rotated>(other.Await(recovery)).Pair);
        other.Settle();
        Assert.Equal(["system rotation 2 done"], other.Records);
    }

    [Fact]
    public void A_lease_that_was_given_up_meanwhile_is_a_lost_race() => AssertLost(() => _scenario.Release(_id));

    [Fact]
    public void A_generation_that_another_attempt_made_meanwhile_is_a_lost_race() =>
        AssertLost(() => _scenario.Release(_id, row => row with { Generation = 2, CommittedBy = "another" }), generation: 2);

    [Fact]
    public void A_generation_that_came_after_meanwhile_is_a_lost_race()
    {
        var attempt = "";
        AssertLost(() =>
        {
            attempt = _scenario.Snapshot(_id).Lease!.AttemptId;
            _scenario.Release(_id, row => row with { Generation = 3, CommittedBy = attempt });
        }, generation: 3);
    }

    [Fact]
    public void A_lease_that_was_emptied_meanwhile_is_a_lost_race() =>
        AssertLost(() => _scenario.ChangeLease(_id, lease => lease with { Holder = "another", Answer = null }));

    [Fact]
    public void A_connection_that_is_gone_meanwhile_is_a_lost_race() => AssertLost(() =>
    {
        _scenario.Release(_id);
        _scenario.Remove(_id);
    });

    private void AssertLost(Action meanwhile, int? generation = null)
    {
        _scenario.Script.On("set", ScriptedFault.After(meanwhile));

        // The pair was persisted, so the caller has it.
        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(_id));

        Assert.Empty(_scenario.Records);
        Assert.Equal(generation ?? 1, _scenario.Find(_id)?.Connection.Generation ?? 1);
    }
}
