using System.Net;
using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;
using FinxFunctions.Tokens;

namespace FinxFunctions.Simulation.Tests.Tokens;

public sealed class AccessTokenProviderTests
{
    private const string CallerId = "function-key";

    private readonly Scenario _scenario = new();

    [Fact]
    public void An_invalid_id_is_unknown_and_no_store_is_called()
    {
        using var reads = _scenario.Metric<long>("finx.token.reads");

        Assert.IsType<AccessResult.UnknownConnection>(_scenario.GetToken("nonsense"));

        Assert.Empty(_scenario.Script.Calls);
        Assert.Equal("unknown_connection", Assert.Single(reads.GetMeasurementSnapshot()).Tags["answer"]);
    }

    [Fact]
    public void A_connection_that_does_not_exist_is_unknown()
    {
        Assert.IsType<AccessResult.UnknownConnection>(_scenario.GetToken(Pairs.Id));
        _scenario.Settle();

        Assert.Empty(_scenario.DueTimes(Pairs.Id));
    }

    [Fact]
    public void Another_callers_connection_is_unknown()
    {
        var id = _scenario.Connect();

        var result = _scenario.Do((AccessTokenProvider tokens) => tokens.GetAsync("another", id, AccessRequest.Default, CancellationToken.None));

        Assert.IsType<AccessResult.UnknownConnection>(result);
        Assert.Equal(AccessSource.Cold, Granted(id).Source);
        Assert.IsType<AccessResult.UnknownConnection>(_scenario.Do((AccessTokenProvider tokens) => tokens.GetAsync("another", id, AccessRequest.Default, CancellationToken.None)));
    }

    [Fact]
    public void A_token_is_read_from_the_stores_once_and_then_from_memory()
    {
        var id = _scenario.Connect();
        using var reads = _scenario.Metric<long>("finx.token.reads");

        Assert.Equal(AccessSource.Cold, Granted(id).Source);
        Assert.Equal(["connections.query", "get"], _scenario.Script.Calls);
        _scenario.Script.Forget();
        Assert.Equal(AccessSource.Warm, Granted(id).Source);

        Assert.Empty(_scenario.Script.Calls);
        Assert.Equal(["cold", "warm"], reads.GetMeasurementSnapshot().Select(read => read.Tags["answer"]));
    }

    [Fact]
    public void A_token_that_is_about_to_expire_is_refreshed()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromMinutes(59.5));

        var granted = Granted(id);
        _scenario.Settle();

        Assert.Equal((AccessSource.Refreshed, 2), (granted.Source, granted.Pair.Generation));
        Assert.Equal(["connections.query", "agenda.upsert", "get", "connections.submit", "token", "connections.update", "set", "connections.submit", "agenda.delete"], _scenario.Script.Calls);
        Assert.Contains("function-key rotation 2 done", _scenario.Records);
        _scenario.Script.Forget();
        Assert.Equal(AccessSource.Warm, Granted(id).Source);
        Assert.Single(_scenario.DueTimes(id));
    }

    [Fact]
    public void With_a_cached_pair_the_lease_is_prepared_while_the_connection_is_read()
    {
        var id = _scenario.Connect();
        Granted(id);
        _scenario.Script.Forget();

        var granted = Granted(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1));

        Assert.Equal((AccessSource.Refreshed, 2), (granted.Source, granted.Pair.Generation));
        Assert.Equal(["agenda.upsert", "connections.query", "get", "connections.submit", "token"], _scenario.Script.Calls.Take(5));
    }

    [Fact]
    public void A_prepared_lease_that_is_not_needed_is_removed_from_the_schedule()
    {
        var id = _scenario.Connect();
        Granted(id);
        Assert.IsType<RotationOutcome.Rotated>(_scenario.OtherProcess().Refresh(id));

        // Memory holds the rejected generation, the stores hold the next one.
        var granted = Granted(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1));
        _scenario.Settle();

        Assert.Equal((AccessSource.Cold, 2), (granted.Source, granted.Pair.Generation));
        Assert.Single(_scenario.DueTimes(id), at => at == _scenario.Connection(id).DueAt);
        Assert.Contains("agenda.delete", _scenario.Script.Calls);
    }

    [Fact]
    public void The_same_rejected_generation_causes_one_refresh_however_often_it_is_reported()
    {
        var id = _scenario.Connect();
        var request = new AccessRequest(TimeSpan.FromMinutes(1), RejectedGeneration: 1);

        Assert.Equal(2, Granted(id, request).Pair.Generation);
        Assert.Equal(2, Granted(id, request).Pair.Generation);
        Assert.Equal(2, Assert.IsType<AccessResult.Granted>(_scenario.OtherProcess().GetToken(id, request)).Pair.Generation);

        Assert.Equal(1, _scenario.Script.Calls.Count(call => call == "token"));
    }

    [Fact]
    public void Many_requests_at_once_share_one_acquisition()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(1));

        var asking = Enumerable.Range(0, 1000).Select(_ => Ask(_scenario, id)).ToList();

        Assert.All(asking, asked => Assert.Equal(2, Assert.IsType<AccessResult.Granted>(_scenario.Await(asked)).Pair.Generation));
        Assert.Equal(1, _scenario.Script.Calls.Count(call => call == "token"));
        Assert.Equal(1, _scenario.Script.Calls.Count(call => call == "connections.query"));
    }

    [Fact]
    public void Several_processes_make_one_call_to_finX()
    {
        var id = _scenario.Connect();
        var token = _scenario.Pair(id).RefreshToken!;
        _scenario.Pass(TimeSpan.FromHours(1));
        var twins = Enumerable.Range(0, 3).Select(_ => _scenario.OtherProcess()).ToList();
        _scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(5)));

        var asking = twins.Prepend(_scenario).Select(scenario => Ask(scenario, id)).ToList();

        Assert.All(asking, asked => Assert.Equal(2, Assert.IsType<AccessResult.Granted>(_scenario.Await(asked)).Pair.Generation));
        Assert.Equal(1, _scenario.Presentations(token));
        Assert.All(twins, other => Assert.DoesNotContain("token", other.Script.Calls));
    }

    [Fact]
    public void A_waiting_request_polls_at_growing_intervals()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(1));
        var other = _scenario.OtherProcess();
        _scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(20)));
        _ = Ask(_scenario, id);
        _scenario.Pass(TimeSpan.FromSeconds(1));
        var began = _scenario.Now;

        var later = Assert.IsType<AccessResult.TryLater>(other.GetToken(id));

        Assert.Equal((TryLaterCause.Busy, TimeSpan.FromSeconds(1)), (later.Cause, later.RetryAfter));
        Assert.InRange(_scenario.Now - began, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(10));

        // After 0.05 s, then a quarter longer each time, up to a second. The expired pair is not read.
        Assert.Equal(20, other.Script.Calls.Count(call => call == "connections.query"));
        Assert.DoesNotContain("get", other.Script.Calls);
        Assert.DoesNotContain("agenda.upsert", other.Script.Calls);
    }

    [Fact]
    public void While_another_process_refreshes_a_still_valid_token_is_served_in_the_end()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromMinutes(59.2));
        var other = _scenario.OtherProcess();
        _scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(20)));
        _ = Ask(_scenario, id);
        _scenario.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(AccessSource.Stale, Assert.IsType<AccessResult.Granted>(other.GetToken(id)).Source);
    }

    [Fact]
    public void A_request_that_joins_an_acquisition_with_other_requirements_asks_again()
    {
        var id = _scenario.Connect();

        var (first, second) = (Ask(_scenario, id), Ask(_scenario, id, new AccessRequest(TimeSpan.FromMinutes(1), RejectedGeneration: 1)));

        Assert.Equal(1, Assert.IsType<AccessResult.Granted>(_scenario.Await(first)).Pair.Generation);
        Assert.Equal(2, Assert.IsType<AccessResult.Granted>(_scenario.Await(second)).Pair.Generation);
    }

    [Fact]
    public void A_caller_that_disconnects_cancels_nothing()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(1));
        using var gone = new CancellationTokenSource();
        _scenario.Script.On("token", ScriptedFault.After(gone.Cancel));

        Assert.ThrowsAny<OperationCanceledException>(() => _scenario.Do((AccessTokenProvider tokens) => tokens.GetAsync(CallerId, id, AccessRequest.Default, gone.Token)));
        _scenario.Settle();

        Assert.Equal(2, _scenario.Connection(id).Generation);
    }

    [Fact]
    public void A_finished_acquisition_is_not_joined()
    {
        var id = _scenario.Connect();
        _scenario.Script.On("connections.query", ScriptedFault.Fails());

        Assert.Throws<StorageException>(() => _scenario.GetToken(id));

        Assert.Equal(AccessSource.Cold, Granted(id).Source);
    }

    [Fact]
    public void A_pending_connection_is_not_connected()
    {
        var link = _scenario.CreateLink();

        Assert.Equal("not_connected", NeedsReconsent(link.ConnectionId));
    }

    [Fact]
    public void A_connection_without_a_pair_is_not_connected()
    {
        var id = _scenario.Connect();
        _scenario.Change(id, row => row with { SecretId = null });

        Assert.Equal("not_connected", NeedsReconsent(id));
    }

    [Fact]
    public void An_ended_connection_gives_the_reason_and_is_no_longer_served_from_memory()
    {
        var id = _scenario.Connect();
        Granted(id);
        _scenario.Change(id, row => row with { Status = ConnectionStatus.NeedsReconsent, Reason = "ambiguous" });

        Assert.Equal("ambiguous", NeedsReconsent(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1)));

        Assert.Equal("ambiguous", NeedsReconsent(id));
        _scenario.Change(id, row => row with { Reason = null });
        Assert.Equal("refused", NeedsReconsent(id));
    }

    [Fact]
    public void A_deleted_connection_is_unknown_and_no_longer_served_from_memory()
    {
        var id = _scenario.Connect();
        Granted(id);
        _scenario.Change(id, row => row with { Status = ConnectionStatus.Deleted });

        Assert.IsType<AccessResult.UnknownConnection>(_scenario.GetToken(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1)));

        Assert.IsType<AccessResult.UnknownConnection>(_scenario.GetToken(id));
    }

    [Fact]
    public void A_refusal_ends_the_connection_and_it_is_no_longer_served_from_memory()
    {
        var id = _scenario.Connect();
        Granted(id);
        _scenario.RefuseOnce(id);
        _scenario.Script.On("token", ScriptedFault.Refuses());

        Assert.Equal("refused", NeedsReconsent(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1)));

        Assert.Equal("refused", NeedsReconsent(id));
    }

    [Fact]
    public void With_finX_down_a_still_valid_token_is_served()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromMinutes(59.5));
        _scenario.Script.On("token", ScriptedFault.Breaks(HttpRequestError.ConnectionError), times: int.MaxValue);

        Assert.Equal((AccessSource.Stale, 1), (Granted(id).Source, Granted(id).Pair.Generation));

        Assert.Equal(1, _scenario.Script.Calls.Count(call => call == "token"));
    }

    [Fact]
    public void With_finX_down_and_the_token_expired_the_caller_is_told_when_to_try_again()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(1));
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.TooManyRequests, retryAfter: TimeSpan.FromSeconds(30)));

        var first = Assert.IsType<AccessResult.TryLater>(_scenario.GetToken(id));
        _scenario.Pass(TimeSpan.FromSeconds(10));
        var second = Assert.IsType<AccessResult.TryLater>(_scenario.GetToken(id));

        Assert.Equal((TryLaterCause.FinxUnavailable, TryLaterCause.FinxUnavailable), (first.Cause, second.Cause));
        Assert.InRange(first.RetryAfter, TimeSpan.FromSeconds(29.9), TimeSpan.FromSeconds(30));
        Assert.InRange(second.RetryAfter, TimeSpan.FromSeconds(19.9), TimeSpan.FromSeconds(20));
        Assert.Equal(1, _scenario.Script.Calls.Count(call => call == "token"));

        // It reads 10 ms later, at the exact moment.
        _scenario.Pass(second.RetryAfter - TimeSpan.FromMilliseconds(10));
        Assert.Equal(AccessSource.Refreshed, Granted(id).Source);
    }

    [Fact]
    public void The_cause_of_a_failure_is_returned_until_the_backoff_ends()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(1));
        _scenario.Script.On("token", ScriptedFault.RefusesClient());
        Assert.Equal(TryLaterCause.FinxRefused, Assert.IsType<AccessResult.TryLater>(_scenario.GetToken(id)).Cause);

        Assert.Equal(TryLaterCause.FinxRefused, Assert.IsType<AccessResult.TryLater>(_scenario.GetToken(id)).Cause);

        _scenario.Change(id, row => row with { RetryCause = null });
        Assert.Equal(TryLaterCause.FinxUnavailable, Assert.IsType<AccessResult.TryLater>(_scenario.GetToken(id)).Cause);
    }

    [Fact]
    public void A_rejected_token_is_not_served_after_its_rotation_failed()
    {
        var id = _scenario.Connect();
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.TooManyRequests));

        Assert.IsType<AccessResult.TryLater>(_scenario.GetToken(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1)));
    }

    [Fact]
    public void An_ambiguous_rotation_makes_callers_wait_for_the_replay()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(1));
        _scenario.Script.On("token", ScriptedFault.NoAnswer(), times: 2);

        var first = Assert.IsType<AccessResult.TryLater>(_scenario.GetToken(id));
        var second = Assert.IsType<AccessResult.TryLater>(_scenario.GetToken(id));

        Assert.Equal((TryLaterCause.FinxUnavailable, TryLaterCause.FinxUnavailable), (first.Cause, second.Cause));
        Assert.InRange(first.RetryAfter, TimeSpan.FromMinutes(14.9), TimeSpan.FromMinutes(15));
        Assert.InRange(second.RetryAfter, TimeSpan.FromMinutes(14.9), first.RetryAfter);
        Assert.Equal(2, _scenario.Script.Calls.Count(call => call == "token"));
        _scenario.Pass(second.RetryAfter);
        Assert.Equal((AccessSource.Refreshed, 2), (Granted(id).Source, Granted(id).Pair.Generation));
    }

    [Fact]
    public void With_the_table_down_a_valid_token_in_memory_is_served_and_no_other()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromMinutes(56));
        Granted(id);
        _scenario.Pass(TimeSpan.FromMinutes(3.5));
        _scenario.Script.On("connections.query", ScriptedFault.Fails(), times: 3);

        Assert.Equal((AccessSource.Stale, 1), (Granted(id).Source, Granted(id).Pair.Generation));

        Assert.Throws<StorageException>(() => _scenario.GetToken(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1)));
    }

    [Fact]
    public void A_lack_of_memory_is_not_hidden_by_a_token_in_memory()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromMinutes(56));
        Granted(id);
        _scenario.Pass(TimeSpan.FromMinutes(3.5));
        _scenario.Script.On("connections.query", ScriptedFault.Throws(new InsufficientMemoryException()));

        Assert.Throws<InsufficientMemoryException>(() => _scenario.GetToken(id));
    }

    [Fact]
    public void A_lease_is_prepared_once_if_neither_memory_nor_the_stores_meet_the_request()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromMinutes(58));
        Granted(id);
        Assert.IsType<RotationOutcome.Rotated>(_scenario.OtherProcess().Refresh(id));
        _scenario.Pass(TimeSpan.FromMinutes(1.5));

        Assert.Equal(3, Granted(id, new AccessRequest(TimeSpan.FromMinutes(1), RejectedGeneration: 2)).Pair.Generation);

        Assert.Equal(1, _scenario.Script.Calls.Count(call => call == "agenda.upsert"));
    }

    [Fact]
    public void With_the_table_down_and_nothing_in_memory_there_is_no_token()
    {
        var id = _scenario.Connect();
        _scenario.Script.On("connections.query", ScriptedFault.Fails());

        Assert.Throws<StorageException>(() => _scenario.GetToken(id));
    }

    [Fact]
    public void With_the_vault_down_and_nothing_in_memory_there_is_no_token()
    {
        var id = _scenario.Connect();
        _scenario.Script.On("get", ScriptedFault.Fails());

        Assert.Throws<VaultException>(() => _scenario.GetToken(id));

        Assert.Equal(AccessSource.Cold, Granted(id).Source);
    }

    [Fact]
    public void With_the_vault_down_after_the_redemption_callers_are_served_and_the_vault_follows()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(1));
        _scenario.Script.On("set", ScriptedFault.Fails());
        Assert.Equal((AccessSource.Refreshed, 2), (Granted(id).Source, Granted(id).Pair.Generation));
        var other = _scenario.OtherProcess();

        Assert.Equal(2, Assert.IsType<AccessResult.Granted>(other.GetToken(id)).Pair.Generation);
        other.Settle();
        Assert.Equal(1, _scenario.Connection(id).Generation);
        _scenario.Pass(TimeSpan.FromSeconds(100));
        var third = _scenario.OtherProcess();
        Assert.Equal(AccessSource.Cold, Assert.IsType<AccessResult.Granted>(third.GetToken(id)).Source);
        third.Settle();

        Assert.Equal(2, _scenario.Connection(id).Generation);
        Assert.Equal(1, _scenario.Script.Calls.Count(call => call == "token"));
    }

    [Fact]
    public void A_request_finishes_what_another_process_has_left()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(1));
        var other = _scenario.OtherProcess();
        other.Script.On("token", ScriptedFault.Kills(acts: false));
        _ = Ask(other, id);
        _scenario.Pass(TimeSpan.FromSeconds(100));

        var granted = Granted(id);

        Assert.Equal((AccessSource.Refreshed, 2), (granted.Source, granted.Pair.Generation));
    }

    [Fact]
    public void What_another_process_has_left_is_finished_and_refreshed_once_more_if_it_has_expired()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(1));
        var other = _scenario.OtherProcess();
        other.Script.On("set", ScriptedFault.Kills(acts: false));
        _ = Ask(other, id);
        _scenario.Pass(TimeSpan.FromHours(2));

        var granted = Granted(id);

        _scenario.Settle();
        Assert.Equal((AccessSource.Refreshed, 3), (granted.Source, granted.Pair.Generation));
        Assert.Equal(3, _scenario.Connection(id).Generation);
        _scenario.Script.Forget();
        Assert.Equal(3, Granted(id).Pair.Generation);
        Assert.Empty(_scenario.Script.Calls);
    }

    [Fact]
    public void A_suspended_lease_is_waited_for()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(1));
        _scenario.Script.On("token", ScriptedFault.Answers(HttpStatusCode.InternalServerError));
        Assert.IsType<AccessResult.TryLater>(_scenario.GetToken(id));
        var until = _scenario.Snapshot(id).Lease!.ExpiresAt;
        var began = _scenario.Now;

        var later = Assert.IsType<AccessResult.TryLater>(_scenario.GetToken(id));

        Assert.Equal(TryLaterCause.FinxUnavailable, later.Cause);
        Assert.InRange(later.RetryAfter, until - _scenario.Now, until - began);
        Assert.True(_scenario.Now - began < TimeSpan.FromSeconds(0.1));
        _scenario.Pass(until - _scenario.Now - TimeSpan.FromMilliseconds(10));
        Assert.Equal(AccessSource.Refreshed, Granted(id).Source);
    }

    [Fact]
    public void A_first_pair_that_is_persisted_but_not_committed_is_served()
    {
        var link = _scenario.CreateLink();
        _scenario.Script.On("set", ScriptedFault.Fails());
        _scenario.Return(_scenario.Finish(link));

        Assert.Equal(1, Assert.IsType<AccessResult.Granted>(_scenario.GetToken(link.ConnectionId)).Pair.Generation);
    }

    [Fact]
    public void Without_a_wait_limit_a_busy_connection_is_reported_at_once()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromHours(1));
        _scenario.Script.On("token", ScriptedFault.Late(TimeSpan.FromSeconds(20)));
        _ = Ask(_scenario, id);
        _scenario.Pass(TimeSpan.FromSeconds(1));
        var other = _scenario.OtherProcess(("Tokens:WaitLimit", "00:00:00"));
        using var reads = other.Metric<long>("finx.token.reads");

        Assert.Equal(TryLaterCause.Busy, Assert.IsType<AccessResult.TryLater>(other.GetToken(id)).Cause);

        Assert.Equal(1, other.Script.Calls.Count(call => call == "connections.query"));
        Assert.Equal("busy", Assert.Single(reads.GetMeasurementSnapshot()).Tags["answer"]);
    }

    private AccessResult.Granted Granted(string id, AccessRequest? request = null) => Assert.IsType<AccessResult.Granted>(_scenario.GetToken(id, request));

    private string NeedsReconsent(string id, AccessRequest? request = null) => Assert.IsType<AccessResult.NeedsReconsent>(_scenario.GetToken(id, request)).Reason;

    private static Task<AccessResult> Ask(Scenario scenario, string id, AccessRequest? request = null) =>
        scenario.Begin((AccessTokenProvider tokens) => tokens.GetAsync(CallerId, id, request ?? AccessRequest.Default, CancellationToken.None));
}
