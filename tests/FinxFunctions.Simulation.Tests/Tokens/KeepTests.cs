using Finx.Callback;
using Finx.Connections;
using Finx.Links;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.Simulation.Tests.StandIns;

namespace FinxFunctions.Simulation.Tests.Tokens;

/// <summary>finX's answer is in hand: whatever else goes wrong, it is kept.</summary>
public sealed class KeepTests
{
    private static readonly TimeSpan AfterTheLease = TimeSpan.FromSeconds(100);

    private readonly Stage _stage = new(ReuseMode.Grace);
    private readonly string _id;
    private readonly Secret _token;

    public KeepTests()
    {
        _id = _stage.Connect();
        _token = _stage.Pair(_id).RefreshToken!;
    }

    [Fact]
    public void Where_the_table_fails_the_caller_is_served_and_the_rest_is_done_behind_its_back()
    {
        _stage.Script.On("connections.update", Mishap.Fails(), times: 6);
        _stage.Script.Forget();

        var rotated = Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(_id));

        Assert.Equal(1, _stage.Connection(_id).Generation);
        Assert.Equal([17], _stage.Events);
        _stage.Settle();
        Assert.Equal(rotated.Pair, _stage.Pair(_id));
        Assert.Equal(1, _stage.Presentations(_token));
        Assert.Equal(2, _stage.Script.Calls.Count(call => call == "set"));
    }

    [Fact]
    public void It_is_tried_again_ever_more_slowly_up_to_a_limit()
    {
        _stage.Script.On("connections.update", Mishap.Fails(), times: 6);
        var began = _stage.Now;

        _stage.Refresh(_id);
        _stage.Settle();

        // 1.5, 3, 6, 12, 12: three quarters of 2, 4, 8, 16, and no more.
        Assert.InRange(_stage.Now - began, TimeSpan.FromSeconds(34.5), TimeSpan.FromSeconds(36));
    }

    [Fact]
    public void Where_the_vault_fails_too_both_are_tried_again()
    {
        _stage.Script.On("connections.update", Mishap.Fails(), times: 4);
        _stage.Script.On("set", Mishap.Fails(), times: 2);

        var rotated = Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(_id));
        _stage.Settle();

        Assert.Equal(rotated.Pair, _stage.Pair(_id));
        Assert.Equal(1, _stage.Presentations(_token));
        Assert.Equal(4, _stage.Script.Calls.Count(call => call == "set"));
    }

    [Fact]
    public void Where_the_process_ends_before_the_table_is_back_the_vault_has_it()
    {
        var twin = _stage.Twin();
        _stage.Script.On("connections.update", Mishap.Fails(), times: int.MaxValue);
        var pair = Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(_id)).Pair;
        _stage.Pass(TimeSpan.FromSeconds(20));
        _stage.Die();
        twin.Pass(AfterTheLease);

        Assert.Equal(pair, Assert.IsType<RotationOutcome.Rotated>(twin.Recover(_id)).Pair);

        Assert.Equal(pair, twin.Pair(_id));
        Assert.Equal(1, twin.Presentations(_token));
        Assert.DoesNotContain("token", twin.Script.Calls);
    }

    [Fact]
    public void Where_the_former_refresh_token_stays_nothing_is_promised_before_the_table_is_back()
    {
        _stage.Script.On("token", Mishap.Grants("""{"access_token":"~token~access","expires_in":3600}"""));
        _stage.Script.On("connections.update", Mishap.Fails(), times: 2);
        var began = _stage.Now;

        var ambiguous = Assert.IsType<RotationOutcome.Ambiguous>(_stage.Refresh(_id));

        Assert.InRange(ambiguous.RetryAt - began, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(90.2));
        _stage.Settle();
        Assert.Equal((2, _token), (_stage.Connection(_id).Generation, _stage.Pair(_id).RefreshToken));
    }

    [Fact]
    public void An_answer_that_cannot_be_read_is_kept_all_the_same()
    {
        _stage.Script.On("token", Mishap.Grants("<html>"));
        _stage.Script.On("connections.update", Mishap.Fails(), times: 2);

        Assert.IsType<RotationOutcome.Ambiguous>(_stage.Refresh(_id));
        _stage.Settle();

        // Once kept it is found to be none, and the token is presented again.
        Assert.Equal((2, 2), (_stage.Connection(_id).Generation, _stage.Presentations(_token)));
    }

    [Fact]
    public void A_write_that_the_client_repeated_is_known_as_ones_own()
    {
        _stage.Script.On("connections.update", Mishap.Repeated());

        Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(_id));

        Assert.Equal([10], _stage.Events);
        Assert.Equal(2, _stage.Connection(_id).Generation);
    }

    [Fact]
    public void An_answer_that_comes_late_is_kept_in_the_claim_of_who_took_over()
    {
        var twin = _stage.Twin();
        twin.Script.On("token", Mishap.NoAnswer(), times: 2);
        var frozen = Freeze();
        twin.Pass(AfterTheLease);
        Assert.IsType<RotationOutcome.Ambiguous>(twin.Recover(_id));

        var rotated = Assert.IsType<RotationOutcome.Rotated>(_stage.Await(frozen));

        Assert.Equal(rotated.Pair, _stage.Pair(_id));
        Assert.Equal([18, 10], _stage.Events);
        Assert.Null(_stage.Snapshot(_id).Claim);
        Assert.True(_stage.Connection(_id).IsDoubtful);
    }

    [Fact]
    public void Where_who_took_over_has_presented_nothing_the_pair_is_beyond_doubt()
    {
        _stage.Script.On("token", Mishap.After(() => _stage.Twin().ChangeClaim(_id, claim => claim with { Owner = "another" })));

        Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(_id));

        Assert.Contains(18, _stage.Events);
        Assert.False(_stage.Connection(_id).IsDoubtful);
    }

    [Fact]
    public void The_claim_of_who_took_over_is_then_ones_own_for_a_lease()
    {
        var twin = _stage.Twin();
        twin.Script.On("token", Mishap.NoAnswer(), times: 2);
        var frozen = Freeze();
        twin.Pass(AfterTheLease);
        twin.Recover(_id);
        Claim? kept = null;
        _stage.Script.On("set", Mishap.After(() => kept = _stage.Snapshot(_id).Claim));

        _stage.Await(frozen);

        Assert.NotNull(kept!.Answer);
        Assert.InRange(kept.LeaseUntil - kept.AnsweredAt!.Value, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(91));
    }

    [Fact]
    public void An_answer_to_a_claim_that_was_given_up_is_worth_more_than_the_end()
    {
        var twin = _stage.Twin();
        twin.Script.On("token", Mishap.Refuses());
        var frozen = Freeze();
        twin.Pass(AfterTheLease);
        Assert.IsType<RotationOutcome.NeedsReconsent>(twin.Recover(_id));
        var agenda = _stage.Agenda(_id);

        var rotated = Assert.IsType<RotationOutcome.Rotated>(_stage.Await(frozen));
        _stage.Settle();

        Assert.Equal((ConnectionStatus.Active, 2, null), (_stage.Connection(_id).Status, _stage.Connection(_id).Generation, _stage.Connection(_id).Reason));
        Assert.Equal(rotated.Pair, _stage.Pair(_id));
        Assert.Contains(18, _stage.Events);
        Assert.True(_stage.Agenda(_id).Count <= agenda.Count);
    }

    [Fact]
    public void The_agenda_knows_of_a_claim_that_is_made_anew()
    {
        var twin = _stage.Twin();
        twin.Script.On("token", Mishap.Refuses());
        var frozen = Freeze();
        twin.Pass(AfterTheLease);
        twin.Recover(_id);
        twin.Settle();
        _stage.Script.On("set", Mishap.Kills(acts: false));

        twin.Pass(TimeSpan.FromMinutes(5));

        Assert.False(frozen.IsCompletedSuccessfully);
        var claim = _stage.Snapshot(_id).Claim!;
        Assert.NotNull(claim.Answer);
        Assert.Contains(claim.LeaseUntil, _stage.Agenda(_id));
        twin.Pass(AfterTheLease);
        Assert.IsType<RotationOutcome.Rotated>(twin.Recover(_id));
        Assert.Equal(ConnectionStatus.Active, _stage.Connection(_id).Status);
    }

    [Fact]
    public void The_answer_to_a_later_presentation_counts()
    {
        var twin = _stage.Twin();
        var frozen = Freeze();
        twin.Pass(AfterTheLease);
        var later = Assert.IsType<RotationOutcome.Rotated>(twin.Recover(_id)).Pair;

        Assert.IsType<RotationOutcome.LostRace>(_stage.Await(frozen));

        Assert.Equal((2, later), (_stage.Connection(_id).Generation, _stage.Pair(_id)));
    }

    [Fact]
    public void And_so_while_it_waits_to_be_committed()
    {
        var twin = _stage.Twin();
        twin.Script.On("set", Mishap.Fails());
        var frozen = Freeze();
        twin.Pass(AfterTheLease);
        var later = Assert.IsType<RotationOutcome.Rotated>(twin.Recover(_id)).Pair;

        Assert.IsType<RotationOutcome.LostRace>(_stage.Await(frozen));

        Assert.Equal(1, _stage.Connection(_id).Generation);
        twin.Pass(AfterTheLease);
        Assert.Equal(later, Assert.IsType<RotationOutcome.Rotated>(twin.Recover(_id)).Pair);
    }

    [Fact]
    public void The_answer_to_an_earlier_presentation_that_was_committed_first_gives_way()
    {
        var twin = _stage.Twin();
        var frozen = Freeze(TimeSpan.FromSeconds(110));
        twin.Script.On("token", Mishap.Late(TimeSpan.FromSeconds(25)));
        twin.Pass(AfterTheLease);
        var recovery = twin.Begin(async (ConnectionStore store) => await twin.Get<RotationProtocol>().RecoverAsync((await store.ReadAsync(_id, CancellationToken.None))!));
        Assert.Equal(2, Assert.IsType<RotationOutcome.Rotated>(_stage.Await(frozen)).Pair.Generation);

        var later = Assert.IsType<RotationOutcome.Rotated>(twin.Await(recovery)).Pair;

        Assert.Equal((3, later), (_stage.Connection(_id).Generation, _stage.Pair(_id)));
        Assert.Equal(_stage.Finx.Find(_token.Reveal())!.Family.Newest!.Value, later.RefreshToken!.Reveal());
        Assert.Equal(2, _stage.Presentations(_token));
    }

    [Fact]
    public void And_so_though_who_kept_it_ends_before_it_is_committed()
    {
        var twin = _stage.Twin();
        var frozen = Freeze(TimeSpan.FromSeconds(110));
        twin.Script.On("token", Mishap.Late(TimeSpan.FromSeconds(25)));
        twin.Script.On("set", Mishap.Kills(acts: false));
        twin.Pass(AfterTheLease);
        _ = twin.Begin(async (ConnectionStore store) => await twin.Get<RotationProtocol>().RecoverAsync((await store.ReadAsync(_id, CancellationToken.None))!));
        _stage.Await(frozen);
        _stage.Pass(TimeSpan.FromMinutes(3));

        var later = Assert.IsType<RotationOutcome.Rotated>(_stage.Recover(_id)).Pair;

        Assert.Equal((3, later), (_stage.Connection(_id).Generation, _stage.Pair(_id)));
        Assert.Equal(2, _stage.Presentations(_token));
    }

    [Fact]
    public void An_answer_that_another_took_over_is_left_to_it()
    {
        _stage.Script.On("connections.update", Mishap.AnswerLost());
        _stage.Script.On("connections.update", Mishap.After(() => _stage.Twin().ChangeClaim(_id, claim => claim with { Owner = "another" })));

        Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(_id));
        _stage.Settle();

        Assert.Equal(("another", 1), (_stage.Snapshot(_id).Claim!.Owner, _stage.Connection(_id).Generation));
    }

    [Fact]
    public void An_answer_that_another_committed_is_not_committed_twice()
    {
        var twin = _stage.Twin();
        _stage.Script.On("connections.update", Mishap.AnswerLost() with { Delay = TimeSpan.FromMinutes(3) });
        var slow = _stage.BeginRefresh(_id);
        twin.Pass(AfterTheLease);
        Assert.IsType<RotationOutcome.Rotated>(twin.Recover(_id));

        Assert.IsType<RotationOutcome.Rotated>(_stage.Await(slow));
        _stage.Settle();

        Assert.Equal((2, 1), (_stage.Connection(_id).Generation, _stage.Presentations(_token)));
        Assert.Null(_stage.Snapshot(_id).Claim);
    }

    [Fact]
    public void A_claim_that_is_made_anew_and_that_the_agenda_does_not_learn_of_is_gone_on_with_all_the_same()
    {
        var twin = _stage.Twin();
        twin.Script.On("token", Mishap.Refuses());
        var frozen = Freeze();
        twin.Pass(AfterTheLease);
        twin.Recover(_id);
        _stage.Script.On("agenda.upsert", Mishap.Fails());

        Assert.IsType<RotationOutcome.Rotated>(_stage.Await(frozen));
        _stage.Settle();

        Assert.Contains(17, _stage.Events);
        Assert.Equal((ConnectionStatus.Active, 2), (_stage.Connection(_id).Status, _stage.Connection(_id).Generation));
    }

    [Fact]
    public void An_answer_for_a_generation_that_another_attempt_replaced_is_let_go_of()
    {
        _stage.Script.On("token", Mishap.After(() => _stage.Release(_id, row => row with { Generation = 2, CommittedBy = "another", PresentedAt = DateTimeOffset.UnixEpoch })));

        Assert.IsType<RotationOutcome.LostRace>(_stage.Refresh(_id));

        Assert.Equal((2, "another"), (_stage.Connection(_id).Generation, _stage.Connection(_id).CommittedBy));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public void And_so_where_the_attempts_own_generation_was_replaced_since(int generation, bool isClaimed)
    {
        _stage.Script.On("token", Mishap.After(() =>
        {
            var claim = _stage.Snapshot(_id).Claim!;
            _stage.Release(_id, row => row with { Generation = generation, CommittedBy = claim.AttemptId, PresentedAt = DateTimeOffset.UnixEpoch });
            if (isClaimed)
            {
                Insert(claim with { FromGeneration = 2, Owner = "another" });
            }
        }));

        Assert.IsType<RotationOutcome.LostRace>(_stage.Refresh(_id));

        Assert.Equal(generation, _stage.Connection(_id).Generation);
    }

    [Fact]
    public void An_answer_for_a_connection_that_was_deleted_is_let_go_of()
    {
        _stage.Script.On("token", Mishap.After(() => _stage.Release(_id, row => row with { Status = ConnectionStatus.Deleted })));

        Assert.IsType<RotationOutcome.LostRace>(_stage.Refresh(_id));

        Assert.Equal((ConnectionStatus.Deleted, 1), (_stage.Connection(_id).Status, _stage.Connection(_id).Generation));
    }

    [Fact]
    public void An_answer_for_a_connection_that_is_gone_is_let_go_of()
    {
        _stage.Script.On("token", Mishap.After(() =>
        {
            _stage.Release(_id);
            _stage.Remove(_id);
        }));

        Assert.IsType<RotationOutcome.LostRace>(_stage.Refresh(_id));

        Assert.Null(_stage.Find(_id));
    }

    [Fact]
    public void Whoever_claims_the_connection_before_a_late_answer_does_not_keep_it_out()
    {
        _stage.Script.On("token", Mishap.After(() => _stage.Twin().Release(_id)));
        _stage.Script.On("connections.submit", Mishap.After(() => Insert(ClaimOfAnother())), skip: 1);

        Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(_id));

        Assert.Equal(2, _stage.Connection(_id).Generation);
        Assert.Null(_stage.Snapshot(_id).Claim);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_answer_to_a_renewal_that_was_given_up_outlives_the_rotations_of_the_former_tokens(bool isBusy)
    {
        var link = _stage.CreateLink(_id);
        var query = _stage.Finish(link);
        _stage.Script.On("token", Mishap.After(() => _stage.Freeze(TimeSpan.FromMinutes(3))));
        var returning = _stage.Begin((CallbackService callback) => callback.HandleAsync(query, CancellationToken.None));
        var twin = _stage.Twin();
        twin.Script.On("token", Mishap.Refuses());
        twin.Pass(AfterTheLease);
        Assert.IsType<RotationOutcome.NeedsReconsent>(twin.Recover(_id));
        Assert.IsType<RotationOutcome.Rotated>(twin.Refresh(_id));
        twin.Script.On("set", Mishap.Late(TimeSpan.FromMinutes(2)));
        var next = isBusy ? twin.BeginRefresh(_id) : null;

        _stage.Await(returning);
        _stage.Settle();

        var connection = _stage.Connection(_id);
        Assert.Equal(3, connection.Generation);
        var told = Assert.Single(_stage.Snapshot(_id).Links, stored => stored.FlowId == link.FlowId);
        Assert.Equal((LinkStatus.Failed, "ambiguous"), (told.Status, told.Error));
        Assert.True(_stage.Finx.Honours(_stage.Pair(_id).AccessToken.Reveal()));
        Assert.Equal(2, _stage.Presentations(query.Code!));
        if (next is not null)
        {
            Assert.IsType<RotationOutcome.LostRace>(twin.Await(next));
            Assert.Equal(connection.SecretId, _stage.Connection(_id).SecretId);
        }
    }

    [Fact]
    public void And_so_where_its_owner_ends_before_it_reaches_the_vault()
    {
        var query = _stage.Finish(_stage.CreateLink(_id));
        _stage.Script.On("token", Mishap.After(() => _stage.Freeze(TimeSpan.FromMinutes(3))));
        _stage.Script.On("set", Mishap.Kills(acts: false));
        _ = _stage.Begin((CallbackService callback) => callback.HandleAsync(query, CancellationToken.None));
        var twin = _stage.Twin();
        twin.Script.On("token", Mishap.Refuses());
        twin.Pass(AfterTheLease);
        Assert.IsType<RotationOutcome.NeedsReconsent>(twin.Recover(_id));
        Assert.IsType<RotationOutcome.Rotated>(twin.Refresh(_id));
        twin.Pass(TimeSpan.FromMinutes(3) + AfterTheLease);

        Assert.IsType<RotationOutcome.Rotated>(twin.Recover(_id));

        Assert.Equal(3, twin.Connection(_id).Generation);
        Assert.True(twin.Finx.Honours(twin.Pair(_id).AccessToken.Reveal()));
        Assert.Equal(2, twin.Presentations(query.Code!));
    }

    [Fact]
    public void A_later_consent_is_not_undone_by_an_answer_to_an_earlier_code()
    {
        var query = _stage.Finish(_stage.CreateLink(_id));
        _stage.Script.On("token", Mishap.After(() => _stage.Freeze(TimeSpan.FromMinutes(3))));
        var returning = _stage.Begin((CallbackService callback) => callback.HandleAsync(query, CancellationToken.None));
        var twin = _stage.Twin();
        twin.Script.On("token", Mishap.Refuses());
        twin.Pass(AfterTheLease);
        twin.Recover(_id);
        _stage.Script.On("connections.update", Mishap.Late(TimeSpan.FromMinutes(5)));
        _stage.Pass(TimeSpan.FromMinutes(3));
        twin.Return(twin.Finish(twin.CreateLink(_id)));
        var later = _stage.Pair(_id);

        _stage.Await(returning);
        _stage.Settle();

        Assert.Equal((2, later), (_stage.Connection(_id).Generation, _stage.Pair(_id)));
    }

    private Claim ClaimOfAnother() => new()
    {
        ConnectionId = _id,
        Kind = ClaimKind.Refresh,
        FromGeneration = 1,
        AttemptId = "another",
        Owner = "another",
        LeaseUntil = _stage.Now.AddSeconds(90),
        StartedAt = _stage.Now,
        PresentedAt = _stage.Now,
    };

    private void Insert(Claim claim) => _stage.Twin().Do(async (ConnectionStore store) =>
    {
        var snapshot = (await store.ReadAsync(_id, CancellationToken.None))!;
        Assert.NotNull(await store.TryWriteAsync(new ConnectionChange(snapshot.Connection) { Claim = claim }, CancellationToken.None));
    });

    /// <summary>The process stops once finX has acted, and wakes up after its lease; the answer waits for it.</summary>
    private Task<RotationOutcome> Freeze(TimeSpan? duration = null)
    {
        _stage.Script.On("token", Mishap.After(() => _stage.Freeze(duration ?? TimeSpan.FromMinutes(3))));
        var frozen = _stage.BeginRefresh(_id);
        _stage.Pass(TimeSpan.FromMilliseconds(100));
        return frozen;
    }
}
