using Finx.Connections;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.Tokens;

/// <summary>The answer is kept: the vault and the commit may take their time.</summary>
public sealed class CommitTests
{
    private static readonly TimeSpan AfterTheLease = TimeSpan.FromSeconds(100);

    private readonly Stage _stage = new();
    private readonly string _id;
    private readonly Secret _token;

    public CommitTests()
    {
        _id = _stage.Connect();
        _token = _stage.Pair(_id).RefreshToken!;
    }

    [Fact]
    public void With_the_vault_down_the_pair_is_served_from_the_sealed_answer()
    {
        _stage.Script.On("set", Mishap.Fails());

        var pair = Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(_id)).Pair;

        Assert.Equal([19], _stage.Events);
        Assert.Equal(1, _stage.Connection(_id).Generation);
        Assert.Equal(pair, _stage.Do((PairReader pairs) => pairs.CurrentAsync(_stage.Snapshot(_id), CancellationToken.None)));
        _stage.Pass(AfterTheLease);
        Assert.Equal(pair, Assert.IsType<RotationOutcome.Rotated>(_stage.Recover(_id)).Pair);
        Assert.Equal(pair, _stage.Pair(_id));
        Assert.Equal(1, _stage.Presentations(_token));
    }

    [Fact]
    public void With_the_table_down_the_pair_is_served_from_the_sealed_answer()
    {
        _stage.Script.On("connections.submit", Mishap.Fails(), skip: 1);

        var pair = Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(_id)).Pair;

        Assert.Equal([20], _stage.Events);
        Assert.Empty(_stage.Records);
        Assert.NotNull(_stage.Snapshot(_id).Claim!.Answer);
        _stage.Pass(AfterTheLease);
        Assert.Equal(pair, Assert.IsType<RotationOutcome.Rotated>(_stage.Recover(_id)).Pair);
    }

    [Fact]
    public void With_the_agenda_down_the_pair_is_served_from_the_sealed_answer()
    {
        _stage.Change(_id, row => row with { VisitAt = null });
        _stage.Script.On("agenda.upsert", Mishap.Fails(), skip: 1);

        Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(_id));

        Assert.Equal([20], _stage.Events);
    }

    [Fact]
    public void Where_the_former_refresh_token_is_needed_and_not_to_be_had_the_answer_waits()
    {
        _stage.Script.On("token", Mishap.Grants("""{"access_token":"~token~access","expires_in":3600}"""));
        _stage.Script.On("get", Mishap.Fails(), skip: 1);

        Assert.Throws<VaultException>(() => _stage.Refresh(_id));

        Assert.NotNull(_stage.Snapshot(_id).Claim!.Answer);
        _stage.Pass(AfterTheLease);
        Assert.Equal(_token, Assert.IsType<RotationOutcome.Rotated>(_stage.Recover(_id)).Pair.RefreshToken);
    }

    [Fact]
    public void A_commit_that_the_client_repeated_is_known_as_ones_own()
    {
        _stage.Script.On("connections.submit", Mishap.Repeated(), skip: 1);

        Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(_id));
        _stage.Settle();

        Assert.Equal([10], _stage.Events);
        Assert.Equal(["tester rotation 2 done"], _stage.Records);
    }

    [Fact]
    public void A_link_that_was_added_beside_it_stays()
    {
        _stage.Script.On("connections.submit", Mishap.After(() => _stage.Twin().CreateLink(_id)), skip: 1);

        Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(_id));

        Assert.Equal(2, _stage.Connection(_id).Generation);
        Assert.Equal(2, _stage.Snapshot(_id).Links.Count);
    }

    [Fact]
    public void Who_took_over_commits_the_same_answer_for_both()
    {
        var twin = _stage.Twin();
        _stage.Script.On("set", Mishap.Late(TimeSpan.FromMinutes(3)));
        var slow = _stage.BeginRefresh(_id);
        twin.Pass(AfterTheLease);

        var pair = Assert.IsType<RotationOutcome.Rotated>(twin.Recover(_id)).Pair;

        Assert.Equal(pair, Assert.IsType<RotationOutcome.Rotated>(_stage.Await(slow)).Pair);
        Assert.Equal((2, 1), (_stage.Connection(_id).Generation, _stage.Presentations(_token)));
    }

    [Fact]
    public void While_who_took_over_is_at_it_the_pair_is_served_by_both()
    {
        var twin = _stage.Twin();
        _stage.Script.On("set", Mishap.Late(TimeSpan.FromSeconds(110)));
        twin.Script.On("set", Mishap.Late(TimeSpan.FromSeconds(60)));
        var slow = _stage.BeginRefresh(_id);
        twin.Pass(AfterTheLease);
        var recovery = twin.Begin(async (ConnectionStore store) => await twin.Get<RotationProtocol>().RecoverAsync((await store.ReadAsync(_id, CancellationToken.None))!));

        var pair = Assert.IsType<RotationOutcome.Rotated>(_stage.Await(slow)).Pair;

        Assert.Equal(1, _stage.Connection(_id).Generation);
        Assert.Empty(_stage.Records);
        Assert.Equal(pair, Assert.IsType<RotationOutcome.Rotated>(twin.Await(recovery)).Pair);
        Assert.Equal(["system rotation 2 done"], twin.Records);
    }

    [Fact]
    public void A_claim_that_was_given_up_meanwhile_is_a_lost_race() => AssertLost(() => _stage.Release(_id));

    [Fact]
    public void A_generation_that_another_attempt_made_meanwhile_is_a_lost_race() =>
        AssertLost(() => _stage.Release(_id, row => row with { Generation = 2, CommittedBy = "another" }));

    [Fact]
    public void A_generation_that_came_after_meanwhile_is_a_lost_race()
    {
        var attempt = "";
        AssertLost(() =>
        {
            attempt = _stage.Snapshot(_id).Claim!.AttemptId;
            _stage.Release(_id, row => row with { Generation = 3, CommittedBy = attempt });
        });
    }

    [Fact]
    public void A_claim_that_was_emptied_meanwhile_is_a_lost_race() =>
        AssertLost(() => _stage.ChangeClaim(_id, claim => claim with { Owner = "another", Answer = null }));

    [Fact]
    public void A_connection_that_is_gone_meanwhile_is_a_lost_race() => AssertLost(() =>
    {
        _stage.Release(_id);
        _stage.Remove(_id);
    });

    private void AssertLost(Action meanwhile)
    {
        _stage.Script.On("set", Mishap.After(meanwhile));

        Assert.IsType<RotationOutcome.LostRace>(_stage.Refresh(_id));

        Assert.Empty(_stage.Records);
    }
}
