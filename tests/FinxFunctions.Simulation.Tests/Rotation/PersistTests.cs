using FinxFunctions.Callback;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.StandIns;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>finX's answer is in hand: it is persisted, whatever else fails.</summary>
public sealed class PersistTests
{
    private static readonly TimeSpan AfterTheLease = TimeSpan.FromSeconds(100);

    private readonly Scenario _scenario = new(ReuseMode.Grace);
    private readonly string _id;
    private readonly Secret _token;

    public PersistTests()
    {
        _id = _scenario.Connect();
        _token = _scenario.Pair(_id).RefreshToken!;
    }

    [Fact]
    public void Where_the_table_fails_the_caller_is_served_and_the_rest_is_done_behind_its_back()
    {
        _scenario.Script.On("connections.update", ScriptedFault.Fails(), times: 6);
        _scenario.Script.Forget();

        var rotated = Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(_id));

        Assert.Equal(1, _scenario.Connection(_id).Generation);
        Assert.Equal([17], _scenario.Events);
        _scenario.Settle();
        Assert.Equal(rotated.Pair, _scenario.Pair(_id));
        Assert.Equal(1, _scenario.Presentations(_token));
        Assert.Equal(2, _scenario.Script.Calls.Count(call => call == "set"));
    }

    [Fact]
    public void It_is_tried_again_ever_more_slowly_up_to_a_limit()
    {
        _scenario.Script.On("connections.update", ScriptedFault.Fails(), times: 6);
        var began = _scenario.Now;

        _scenario.Refresh(_id);
        _scenario.Settle();

        // 1.5, 3, 6, 12, 12: three quarters of 2, 4, 8, 16, and no more.
        Assert.InRange(_scenario.Now - began, TimeSpan.FromSeconds(34.5), TimeSpan.FromSeconds(36));
    }

    [Fact]
    public void Where_the_vault_fails_too_both_are_tried_again()
    {
        _scenario.Script.On("connections.update", ScriptedFault.Fails(), times: 4);
        _scenario.Script.On("set", ScriptedFault.Fails(), times: 2);

        var rotated = Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(_id));
        _scenario.Settle();

        Assert.Equal(rotated.Pair, _scenario.Pair(_id));
        Assert.Equal(1, _scenario.Presentations(_token));
        Assert.Equal(4, _scenario.Script.Calls.Count(call => call == "set"));
    }

    [Fact]
    public void Where_the_process_ends_before_the_table_is_back_the_vault_has_it()
    {
        var other = _scenario.OtherProcess();
        _scenario.Script.On("connections.update", ScriptedFault.Fails(), times: int.MaxValue);
        var pair = Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(_id)).Pair;
        _scenario.Pass(TimeSpan.FromSeconds(20));
        _scenario.Die();
        other.Pass(AfterTheLease);

        Assert.Equal(pair, Assert.IsType<RotationOutcome.Rotated>(other.Recover(_id)).Pair);

        Assert.Equal(pair, other.Pair(_id));
        Assert.Equal(1, other.Presentations(_token));
        Assert.DoesNotContain("token", other.Script.Calls);
    }

    [Fact]
    public void Where_the_former_refresh_token_stays_nothing_is_promised_before_the_table_is_back()
    {
        _scenario.Script.On("token", ScriptedFault.Grants("""{"access_token":"~token~access","expires_in":3600}"""));
        _scenario.Script.On("connections.update", ScriptedFault.Fails(), times: 2);
        var began = _scenario.Now;

        var ambiguous = Assert.IsType<RotationOutcome.Ambiguous>(_scenario.Refresh(_id));

        Assert.InRange(ambiguous.RetryAt - began, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(90.2));
        _scenario.Settle();
        Assert.Equal((2, _token), (_scenario.Connection(_id).Generation, _scenario.Pair(_id).RefreshToken));
    }

    [Fact]
    public void An_answer_that_cannot_be_read_is_persisted_all_the_same()
    {
        _scenario.Script.On("token", ScriptedFault.Grants("<html>"));
        _scenario.Script.On("connections.update", ScriptedFault.Fails(), times: 2);

        Assert.IsType<RotationOutcome.Ambiguous>(_scenario.Refresh(_id));
        _scenario.Settle();

        // Once persisted it turns out to be none, and the token is presented again.
        Assert.Equal((2, 2), (_scenario.Connection(_id).Generation, _scenario.Presentations(_token)));
    }

    [Fact]
    public void A_write_that_the_client_repeated_is_known_as_ones_own()
    {
        _scenario.Script.On("connections.update", ScriptedFault.Repeated());

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(_id));

        Assert.Equal([10], _scenario.Events);
        Assert.Equal(2, _scenario.Connection(_id).Generation);
    }

    [Fact]
    public void An_answer_that_comes_late_is_persisted_in_the_lease_of_the_process_that_took_over()
    {
        var other = _scenario.OtherProcess();
        other.Script.On("token", ScriptedFault.NoAnswer(), times: 2);
        var frozen = Freeze();
        other.Pass(AfterTheLease);
        Assert.IsType<RotationOutcome.Ambiguous>(other.Recover(_id));

        var rotated = Assert.IsType<RotationOutcome.Rotated>(_scenario.Await(frozen));

        Assert.Equal(rotated.Pair, _scenario.Pair(_id));
        Assert.Equal([18, 10], _scenario.Events);
        Assert.Null(_scenario.Snapshot(_id).Lease);
        Assert.True(_scenario.Connection(_id).FormerPresentationUnanswered);
    }

    [Fact]
    public void Where_the_process_that_took_over_has_presented_nothing_the_pair_is_beyond_doubt()
    {
        _scenario.Script.On("token", ScriptedFault.After(() => _scenario.OtherProcess().ChangeLease(_id, lease => lease with { Holder = "another" })));

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(_id));

        Assert.Contains(18, _scenario.Events);
        Assert.False(_scenario.Connection(_id).FormerPresentationUnanswered);
    }

    [Fact]
    public void The_lease_of_the_process_that_took_over_is_then_ones_own()
    {
        var other = _scenario.OtherProcess();
        other.Script.On("token", ScriptedFault.NoAnswer(), times: 2);
        var frozen = Freeze();
        other.Pass(AfterTheLease);
        other.Recover(_id);
        Lease? persisted = null;
        _scenario.Script.On("set", ScriptedFault.After(() => persisted = _scenario.Snapshot(_id).Lease));

        _scenario.Await(frozen);

        Assert.NotNull(persisted!.Answer);
        Assert.InRange(persisted.ExpiresAt - persisted.AnsweredAt!.Value, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(91));
    }

    [Fact]
    public void An_answer_to_a_lease_that_was_given_up_is_worth_more_than_the_end()
    {
        var other = _scenario.OtherProcess();
        other.Script.On("token", ScriptedFault.Refuses(), times: 2);
        var frozen = Freeze();
        other.Pass(AfterTheLease);
        other.Recover(_id);
        other.Pass(Scenario.RefusalPause);
        Assert.IsType<RotationOutcome.NeedsReconsent>(other.Recover(_id));
        var schedule = _scenario.DueTimes(_id);

        var rotated = Assert.IsType<RotationOutcome.Rotated>(_scenario.Await(frozen));
        _scenario.Settle();

        Assert.Equal((ConnectionStatus.Active, 2, null), (_scenario.Connection(_id).Status, _scenario.Connection(_id).Generation, _scenario.Connection(_id).Reason));
        Assert.Equal(rotated.Pair, _scenario.Pair(_id));
        Assert.Contains(18, _scenario.Events);
        Assert.True(_scenario.DueTimes(_id).Count <= schedule.Count);
    }

    [Fact]
    public void A_lease_that_is_taken_anew_is_in_the_rotation_schedule()
    {
        var other = _scenario.OtherProcess();
        other.Script.On("token", ScriptedFault.Refuses(), times: 2);
        var frozen = Freeze();
        other.Pass(AfterTheLease);
        other.Recover(_id);
        other.Pass(Scenario.RefusalPause);
        other.Recover(_id);
        other.Settle();
        _scenario.Script.On("set", ScriptedFault.Kills(acts: false));

        other.Pass(TimeSpan.FromMinutes(5));

        Assert.False(frozen.IsCompletedSuccessfully);
        var lease = _scenario.Snapshot(_id).Lease!;
        Assert.NotNull(lease.Answer);
        Assert.Contains(lease.ExpiresAt, _scenario.DueTimes(_id));
        other.Pass(AfterTheLease);
        Assert.IsType<RotationOutcome.Rotated>(other.Recover(_id));
        Assert.Equal(ConnectionStatus.Active, _scenario.Connection(_id).Status);
    }

    [Fact]
    public void The_answer_to_a_later_presentation_counts()
    {
        var other = _scenario.OtherProcess();
        var frozen = Freeze();
        other.Pass(AfterTheLease);
        var later = Assert.IsType<RotationOutcome.Rotated>(other.Recover(_id)).Pair;

        Assert.IsType<RotationOutcome.LostRace>(_scenario.Await(frozen));

        Assert.Equal((2, later), (_scenario.Connection(_id).Generation, _scenario.Pair(_id)));
    }

    [Fact]
    public void And_so_while_it_waits_to_be_committed()
    {
        var other = _scenario.OtherProcess();
        other.Script.On("set", ScriptedFault.Fails());
        var frozen = Freeze();
        other.Pass(AfterTheLease);
        var later = Assert.IsType<RotationOutcome.Rotated>(other.Recover(_id)).Pair;

        Assert.IsType<RotationOutcome.LostRace>(_scenario.Await(frozen));

        Assert.Equal(1, _scenario.Connection(_id).Generation);
        other.Pass(AfterTheLease);
        Assert.Equal(later, Assert.IsType<RotationOutcome.Rotated>(other.Recover(_id)).Pair);
    }

    [Fact]
    public void The_answer_to_an_earlier_presentation_that_was_committed_first_gives_way()
    {
        var other = _scenario.OtherProcess();
        var frozen = Freeze(TimeSpan.FromSeconds(110));
        other.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(25)));
        other.Pass(AfterTheLease);
        var recovery = other.Begin(async (ConnectionStore store) => await other.Get<RotationProtocol>().RecoverAsync((await store.ReadAsync(_id, CancellationToken.None))!));
        Assert.Equal(2, Assert.IsType<RotationOutcome.Rotated>(_scenario.Await(frozen)).Pair.Generation);

        var later = Assert.IsType<RotationOutcome.Rotated>(other.Await(recovery)).Pair;
        other.Settle();

        Assert.Equal((3, later), (_scenario.Connection(_id).Generation, _scenario.Pair(_id)));
        Assert.Equal(_scenario.Finx.Find(_token.Reveal())!.Family.Newest!.Value, later.RefreshToken!.Reveal());
        Assert.Equal(2, _scenario.Presentations(_token));
    }

    [Fact]
    public void And_so_though_the_process_that_persisted_it_ends_before_it_is_committed()
    {
        var other = _scenario.OtherProcess();
        var frozen = Freeze(TimeSpan.FromSeconds(110));
        other.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(25)));
        other.Script.On("set", ScriptedFault.Kills(acts: false));
        other.Pass(AfterTheLease);
        _ = other.Begin(async (ConnectionStore store) => await other.Get<RotationProtocol>().RecoverAsync((await store.ReadAsync(_id, CancellationToken.None))!));
        _scenario.Await(frozen);
        _scenario.Pass(TimeSpan.FromMinutes(3));

        var later = Assert.IsType<RotationOutcome.Rotated>(_scenario.Recover(_id)).Pair;

        Assert.Equal((3, later), (_scenario.Connection(_id).Generation, _scenario.Pair(_id)));
        Assert.Equal(2, _scenario.Presentations(_token));
    }

    [Fact]
    public void An_answer_that_another_took_over_is_left_to_it()
    {
        _scenario.Script.On("connections.update", ScriptedFault.AnswerLost());
        _scenario.Script.On("connections.update", ScriptedFault.After(() => _scenario.OtherProcess().ChangeLease(_id, lease => lease with { Holder = "another" })));

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(_id));
        _scenario.Settle();

        Assert.Equal(("another", 1), (_scenario.Snapshot(_id).Lease!.Holder, _scenario.Connection(_id).Generation));
    }

    [Fact]
    public void An_answer_that_another_committed_is_not_committed_twice()
    {
        var other = _scenario.OtherProcess();
        _scenario.Script.On("connections.update", ScriptedFault.AnswerLost() with { Delay = TimeSpan.FromMinutes(3) });
        var slow = _scenario.BeginRefresh(_id);
        other.Pass(AfterTheLease);
        Assert.IsType<RotationOutcome.Rotated>(other.Recover(_id));

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Await(slow));
        _scenario.Settle();

        Assert.Equal((2, 1), (_scenario.Connection(_id).Generation, _scenario.Presentations(_token)));
        Assert.Null(_scenario.Snapshot(_id).Lease);
    }

    [Fact]
    public void A_lease_that_is_taken_anew_and_cannot_be_scheduled_is_used_all_the_same()
    {
        var other = _scenario.OtherProcess();
        other.Script.On("token", ScriptedFault.Refuses(), times: 2);
        var frozen = Freeze();
        other.Pass(AfterTheLease);
        other.Recover(_id);
        other.Pass(Scenario.RefusalPause);
        other.Recover(_id);
        _scenario.Script.On("agenda.upsert", ScriptedFault.Fails());

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Await(frozen));
        _scenario.Settle();

        Assert.Contains(17, _scenario.Events);
        Assert.Equal((ConnectionStatus.Active, 2), (_scenario.Connection(_id).Status, _scenario.Connection(_id).Generation));
    }

    [Fact]
    public void An_answer_for_a_generation_that_another_attempt_replaced_is_dropped()
    {
        _scenario.Script.On("token", ScriptedFault.After(() => _scenario.Release(_id, row => row with { Generation = 2, CommittedBy = "another", PresentedAt = DateTimeOffset.UnixEpoch })));

        Assert.IsType<RotationOutcome.LostRace>(_scenario.Refresh(_id));

        Assert.Equal((2, "another"), (_scenario.Connection(_id).Generation, _scenario.Connection(_id).CommittedBy));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public void And_so_where_the_attempts_own_generation_was_replaced_since(int generation, bool isLeased)
    {
        _scenario.Script.On("token", ScriptedFault.After(() =>
        {
            var lease = _scenario.Snapshot(_id).Lease!;
            _scenario.Release(_id, row => row with { Generation = generation, CommittedBy = lease.AttemptId, PresentedAt = DateTimeOffset.UnixEpoch });
            if (isLeased)
            {
                Insert(lease with { FromGeneration = 2, Holder = "another" });
            }
        }));

        Assert.IsType<RotationOutcome.LostRace>(_scenario.Refresh(_id));

        Assert.Equal(generation, _scenario.Connection(_id).Generation);
    }

    [Fact]
    public void An_answer_for_a_connection_that_was_deleted_is_dropped()
    {
        _scenario.Script.On("token", ScriptedFault.After(() => _scenario.Release(_id, row => row with { Status = ConnectionStatus.Deleted })));

        Assert.IsType<RotationOutcome.LostRace>(_scenario.Refresh(_id));

        Assert.Equal((ConnectionStatus.Deleted, 1), (_scenario.Connection(_id).Status, _scenario.Connection(_id).Generation));
    }

    [Fact]
    public void An_answer_for_a_connection_that_is_gone_is_dropped()
    {
        _scenario.Script.On("token", ScriptedFault.After(() =>
        {
            _scenario.Release(_id);
            _scenario.Remove(_id);
        }));

        Assert.IsType<RotationOutcome.LostRace>(_scenario.Refresh(_id));

        Assert.Null(_scenario.Find(_id));
    }

    [Fact]
    public void A_lease_that_is_taken_before_a_late_answer_comes_does_not_lose_it()
    {
        _scenario.Script.On("token", ScriptedFault.After(() => _scenario.OtherProcess().Release(_id)));
        _scenario.Script.On("connections.submit", ScriptedFault.After(() => Insert(ClaimOfAnother())), skip: 1);

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(_id));

        Assert.Equal(2, _scenario.Connection(_id).Generation);
        Assert.Null(_scenario.Snapshot(_id).Lease);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_answer_to_a_renewal_that_was_given_up_outlives_the_rotations_of_the_former_tokens(bool isBusy)
    {
        var link = _scenario.CreateLink(_id);
        var query = _scenario.Finish(link);
        _scenario.Script.On("token", ScriptedFault.After(() => _scenario.Freeze(TimeSpan.FromMinutes(3))));
        var returning = _scenario.Begin((CallbackService callback) => callback.HandleAsync(query, CancellationToken.None));
        var other = _scenario.OtherProcess();
        GiveUp(other);
        Assert.IsType<RotationOutcome.Rotated>(other.Refresh(_id));
        other.Script.On("set", ScriptedFault.Late(TimeSpan.FromMinutes(2)));
        var next = isBusy ? other.BeginRefresh(_id) : null;

        _scenario.Await(returning);
        _scenario.Settle();

        var connection = _scenario.Connection(_id);
        Assert.Equal(3, connection.Generation);
        var stored = Assert.Single(_scenario.Snapshot(_id).Links, stored => stored.FlowId == link.FlowId);
        Assert.Equal((LinkStatus.Failed, "ambiguous"), (stored.Status, stored.Error));
        Assert.True(_scenario.Finx.Honours(_scenario.Pair(_id).AccessToken.Reveal()));
        Assert.Equal(3, _scenario.Presentations(query.Code!));
        if (next is not null)
        {
            other.Await(next);
            other.Settle();
            Assert.Equal(connection.SecretId, _scenario.Connection(_id).SecretId);
        }
    }

    [Fact]
    public void The_answer_to_a_renewal_is_not_overwritten_by_a_refresh_of_the_former_tokens_that_waits_for_finX()
    {
        var query = _scenario.Finish(_scenario.CreateLink(_id));
        _scenario.Script.On("token", ScriptedFault.After(() => _scenario.Freeze(TimeSpan.FromMinutes(3))));
        _scenario.Script.On("set", ScriptedFault.Late(TimeSpan.FromMinutes(2)));
        var returning = _scenario.Begin((CallbackService callback) => callback.HandleAsync(query, CancellationToken.None));
        var other = _scenario.OtherProcess();
        GiveUp(other);
        Assert.IsType<RotationOutcome.Rotated>(other.Refresh(_id));
        other.Pass(TimeSpan.FromSeconds(70));
        other.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(20)));
        var refresh = other.BeginRefresh(_id);

        var refreshed = other.Await(refresh);
        _scenario.Await(returning);
        _scenario.Settle();

        Assert.IsType<RotationOutcome.LostRace>(refreshed);
        var (connection, pair) = (_scenario.Connection(_id), _scenario.Pair(_id));
        Assert.Equal(3, connection.Generation);
        Assert.Equal(pair.ObtainedAt + TimeSpan.FromDays(180), connection.ConsentExpiresAt);
        Assert.True(_scenario.Finx.Honours(pair.AccessToken.Reveal()));
    }

    [Fact]
    public void And_so_where_its_holder_ends_before_it_reaches_the_vault()
    {
        var query = _scenario.Finish(_scenario.CreateLink(_id));
        _scenario.Script.On("token", ScriptedFault.After(() => _scenario.Freeze(TimeSpan.FromMinutes(3))));
        _scenario.Script.On("set", ScriptedFault.Kills(acts: false));
        _ = _scenario.Begin((CallbackService callback) => callback.HandleAsync(query, CancellationToken.None));
        var other = _scenario.OtherProcess();
        GiveUp(other);
        Assert.IsType<RotationOutcome.Rotated>(other.Refresh(_id));
        other.Pass(TimeSpan.FromMinutes(3) + AfterTheLease);

        Assert.IsType<RotationOutcome.Rotated>(other.Recover(_id));

        Assert.Equal(3, other.Connection(_id).Generation);
        Assert.True(other.Finx.Honours(other.Pair(_id).AccessToken.Reveal()));
        Assert.Equal(3, other.Presentations(query.Code!));
    }

    [Fact]
    public void A_later_consent_is_not_undone_by_an_answer_to_an_earlier_code()
    {
        var query = _scenario.Finish(_scenario.CreateLink(_id));
        _scenario.Script.On("token", ScriptedFault.After(() => _scenario.Freeze(TimeSpan.FromMinutes(3))));
        var returning = _scenario.Begin((CallbackService callback) => callback.HandleAsync(query, CancellationToken.None));
        var other = _scenario.OtherProcess();
        other.Script.On("token", ScriptedFault.Refuses());
        other.Pass(AfterTheLease);
        other.Recover(_id);
        _scenario.Script.On("connections.update", ScriptedFault.Late(TimeSpan.FromMinutes(5)));
        _scenario.Pass(TimeSpan.FromMinutes(3));
        other.Return(other.Finish(other.CreateLink(_id)));
        other.Settle();
        var later = _scenario.Pair(_id);

        _scenario.Await(returning);
        _scenario.Settle();

        Assert.Equal((2, later), (_scenario.Connection(_id).Generation, _scenario.Pair(_id)));
    }

    /// <summary>finX refuses the code of an exchange that was left, twice.</summary>
    private void GiveUp(Scenario other)
    {
        other.Script.On("token", ScriptedFault.Refuses(), times: 2);
        other.Pass(AfterTheLease);
        Assert.IsType<RotationOutcome.TryLater>(other.Recover(_id));
        other.Pass(TimeSpan.FromSeconds(3));
        Assert.IsType<RotationOutcome.NeedsReconsent>(other.Recover(_id));
    }

    private Lease ClaimOfAnother() => new()
    {
        ConnectionId = _id,
        Kind = LeaseKind.Refresh,
        FromGeneration = 1,
        AttemptId = "another",
        Holder = "another",
        ExpiresAt = _scenario.Now.AddSeconds(90),
        StartedAt = _scenario.Now,
        PresentedAt = _scenario.Now,
    };

    private void Insert(Lease lease) => _scenario.OtherProcess().Do(async (ConnectionStore store) =>
    {
        var snapshot = (await store.ReadAsync(_id, CancellationToken.None))!;
        Assert.NotNull(await store.TryWriteAsync(new ConnectionChange(snapshot.Connection) { Acquire = lease }, CancellationToken.None));
    });

    /// <summary>The process stops once finX has acted, and wakes up after its lease; the answer waits for it.</summary>
    private Task<RotationOutcome> Freeze(TimeSpan? duration = null)
    {
        _scenario.Script.On("token", ScriptedFault.After(() => _scenario.Freeze(duration ?? TimeSpan.FromMinutes(3))));
        var frozen = _scenario.BeginRefresh(_id);
        _scenario.Pass(TimeSpan.FromMilliseconds(100));
        return frozen;
    }
}
