using System.Net;
using Finx.Connections;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.Tokens;

public sealed class AccessTokensTests
{
    private const string Owner = "function-key";

    private readonly Stage _stage = new();

    [Fact]
    public void What_is_no_id_is_unknown_and_nobody_is_asked()
    {
        using var reads = _stage.Metric<long>("finx.token.reads");

        Assert.IsType<AccessResult.UnknownConnection>(_stage.GetToken("nonsense"));

        Assert.Empty(_stage.Script.Calls);
        Assert.Equal("unknown_connection", Assert.Single(reads.GetMeasurementSnapshot()).Tags["answer"]);
    }

    [Fact]
    public void A_connection_that_is_not_there_is_unknown()
    {
        Assert.IsType<AccessResult.UnknownConnection>(_stage.GetToken(Pairs.Id));
        _stage.Settle();

        Assert.Empty(_stage.Agenda(Pairs.Id));
    }

    [Fact]
    public void Anothers_connection_is_unknown()
    {
        var id = _stage.Connect();

        var result = _stage.Do((AccessTokens tokens) => tokens.GetAsync("another", id, AccessRequest.Default, CancellationToken.None));

        Assert.IsType<AccessResult.UnknownConnection>(result);
        Assert.Equal(AccessSource.Cold, Granted(id).Source);
        Assert.IsType<AccessResult.UnknownConnection>(_stage.Do((AccessTokens tokens) => tokens.GetAsync("another", id, AccessRequest.Default, CancellationToken.None)));
    }

    [Fact]
    public void A_token_is_read_from_the_stores_once_and_from_memory_then()
    {
        var id = _stage.Connect();
        using var reads = _stage.Metric<long>("finx.token.reads");

        Assert.Equal(AccessSource.Cold, Granted(id).Source);
        Assert.Equal(["connections.query", "get"], _stage.Script.Calls);
        _stage.Script.Forget();
        Assert.Equal(AccessSource.Warm, Granted(id).Source);

        Assert.Empty(_stage.Script.Calls);
        Assert.Equal(["cold", "warm"], reads.GetMeasurementSnapshot().Select(read => read.Tags["answer"]));
    }

    [Fact]
    public void A_token_that_is_nearly_over_is_refreshed()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromMinutes(59.5));

        var granted = Granted(id);
        _stage.Settle();

        Assert.Equal((AccessSource.Refreshed, 2), (granted.Source, granted.Pair.Generation));
        Assert.Equal(["connections.query", "agenda.upsert", "get", "connections.submit", "token", "connections.update", "set", "connections.submit", "agenda.delete"], _stage.Script.Calls);
        Assert.Contains("function-key rotation 2 done", _stage.Records);
        _stage.Script.Forget();
        Assert.Equal(AccessSource.Warm, Granted(id).Source);
        Assert.Single(_stage.Agenda(id));
    }

    [Fact]
    public void With_a_pair_at_hand_the_claim_is_foreseen_beside_the_read()
    {
        var id = _stage.Connect();
        Granted(id);
        _stage.Script.Forget();

        var granted = Granted(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1));

        Assert.Equal((AccessSource.Refreshed, 2), (granted.Source, granted.Pair.Generation));
        Assert.Equal(["agenda.upsert", "connections.query", "connections.submit", "token"], _stage.Script.Calls.Take(4));
    }

    [Fact]
    public void What_was_foreseen_and_did_not_come_is_taken_back()
    {
        var id = _stage.Connect();
        Granted(id);
        Assert.IsType<RotationOutcome.Rotated>(_stage.Twin().Refresh(id));

        // Memory holds what was rejected; the stores hold the next.
        var granted = Granted(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1));
        _stage.Settle();

        Assert.Equal((AccessSource.Cold, 2), (granted.Source, granted.Pair.Generation));
        Assert.Single(_stage.Agenda(id), at => at == _stage.Connection(id).VisitAt);
        Assert.Contains("agenda.delete", _stage.Script.Calls);
    }

    [Fact]
    public void The_same_rejected_generation_causes_one_refresh_however_often_it_is_reported()
    {
        var id = _stage.Connect();
        var request = new AccessRequest(TimeSpan.FromMinutes(1), RejectedGeneration: 1);

        Assert.Equal(2, Granted(id, request).Pair.Generation);
        Assert.Equal(2, Granted(id, request).Pair.Generation);
        Assert.Equal(2, Assert.IsType<AccessResult.Granted>(_stage.Twin().GetToken(id, request)).Pair.Generation);

        Assert.Equal(1, _stage.Script.Calls.Count(call => call == "token"));
    }

    [Fact]
    public void Many_at_once_are_one_flight()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromHours(1));

        var asking = Enumerable.Range(0, 1000).Select(_ => Ask(_stage, id)).ToList();

        Assert.All(asking, asked => Assert.Equal(2, Assert.IsType<AccessResult.Granted>(_stage.Await(asked)).Pair.Generation));
        Assert.Equal(1, _stage.Script.Calls.Count(call => call == "token"));
        Assert.Equal(1, _stage.Script.Calls.Count(call => call == "connections.query"));
    }

    [Fact]
    public void Several_processes_make_one_call_to_finX()
    {
        var id = _stage.Connect();
        var token = _stage.Pair(id).RefreshToken!;
        _stage.Pass(TimeSpan.FromHours(1));
        var twins = Enumerable.Range(0, 3).Select(_ => _stage.Twin()).ToList();
        _stage.Script.On("token", Mishap.Late(TimeSpan.FromSeconds(5)));

        var asking = twins.Prepend(_stage).Select(stage => Ask(stage, id)).ToList();

        Assert.All(asking, asked => Assert.Equal(2, Assert.IsType<AccessResult.Granted>(_stage.Await(asked)).Pair.Generation));
        Assert.Equal(1, _stage.Presentations(token));
        Assert.All(twins, twin => Assert.DoesNotContain("token", twin.Script.Calls));
    }

    [Fact]
    public void Who_waits_looks_again_after_a_moment_and_then_more_seldom()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromHours(1));
        var twin = _stage.Twin();
        _stage.Script.On("token", Mishap.Late(TimeSpan.FromSeconds(20)));
        _ = Ask(_stage, id);
        _stage.Pass(TimeSpan.FromSeconds(1));
        var began = _stage.Now;

        var later = Assert.IsType<AccessResult.TryLater>(twin.GetToken(id));

        Assert.Equal((TryLaterCause.Busy, TimeSpan.FromSeconds(1)), (later.Cause, later.RetryAfter));
        Assert.InRange(_stage.Now - began, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(11));

        // After 0.05 s, after a quarter more each time, and after a second each from then on.
        Assert.Equal(21, twin.Script.Calls.Count(call => call == "connections.query"));
        Assert.Equal(1, twin.Script.Calls.Count(call => call == "get"));
        Assert.DoesNotContain("agenda.upsert", twin.Script.Calls);
    }

    [Fact]
    public void While_another_refreshes_a_token_that_is_still_valid_is_served_in_the_end()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromMinutes(59.2));
        var twin = _stage.Twin();
        _stage.Script.On("token", Mishap.Late(TimeSpan.FromSeconds(20)));
        _ = Ask(_stage, id);
        _stage.Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(AccessSource.Stale, Assert.IsType<AccessResult.Granted>(twin.GetToken(id)).Source);
    }

    [Fact]
    public void Who_joins_a_flight_with_another_wish_asks_again()
    {
        var id = _stage.Connect();

        var (first, second) = (Ask(_stage, id), Ask(_stage, id, new AccessRequest(TimeSpan.FromMinutes(1), RejectedGeneration: 1)));

        Assert.Equal(1, Assert.IsType<AccessResult.Granted>(_stage.Await(first)).Pair.Generation);
        Assert.Equal(2, Assert.IsType<AccessResult.Granted>(_stage.Await(second)).Pair.Generation);
    }

    [Fact]
    public void A_caller_that_goes_away_cancels_nothing()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromHours(1));
        using var gone = new CancellationTokenSource();
        _stage.Script.On("token", Mishap.After(gone.Cancel));

        Assert.ThrowsAny<OperationCanceledException>(() => _stage.Do((AccessTokens tokens) => tokens.GetAsync(Owner, id, AccessRequest.Default, gone.Token)));
        _stage.Settle();

        Assert.Equal(2, _stage.Connection(id).Generation);
    }

    [Fact]
    public void A_flight_that_is_over_is_not_joined()
    {
        var id = _stage.Connect();
        _stage.Script.On("connections.query", Mishap.Fails());

        Assert.Throws<StorageException>(() => _stage.GetToken(id));

        Assert.Equal(AccessSource.Cold, Granted(id).Source);
    }

    [Fact]
    public void A_connection_that_waits_for_its_user_is_not_connected()
    {
        var link = _stage.CreateLink();

        Assert.Equal("not_connected", NeedsReconsent(link.ConnectionId));
    }

    [Fact]
    public void A_connection_that_names_no_pair_is_not_connected()
    {
        var id = _stage.Connect();
        _stage.Change(id, row => row with { SecretId = null });

        Assert.Equal("not_connected", NeedsReconsent(id));
    }

    [Fact]
    public void A_connection_that_ended_says_why_and_is_served_from_memory_no_longer()
    {
        var id = _stage.Connect();
        Granted(id);
        _stage.Change(id, row => row with { Status = ConnectionStatus.NeedsReconsent, Reason = "ambiguous" });

        Assert.Equal("ambiguous", NeedsReconsent(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1)));

        Assert.Equal("ambiguous", NeedsReconsent(id));
        _stage.Change(id, row => row with { Reason = null });
        Assert.Equal("refused", NeedsReconsent(id));
    }

    [Fact]
    public void A_deleted_connection_is_unknown_and_is_served_from_memory_no_longer()
    {
        var id = _stage.Connect();
        Granted(id);
        _stage.Change(id, row => row with { Status = ConnectionStatus.Deleted });

        Assert.IsType<AccessResult.UnknownConnection>(_stage.GetToken(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1)));

        Assert.IsType<AccessResult.UnknownConnection>(_stage.GetToken(id));
    }

    [Fact]
    public void A_refusal_ends_it_and_is_served_from_memory_no_longer()
    {
        var id = _stage.Connect();
        Granted(id);
        _stage.Script.On("token", Mishap.Refuses());

        Assert.Equal("refused", NeedsReconsent(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1)));

        Assert.Equal("refused", NeedsReconsent(id));
    }

    [Fact]
    public void With_finX_down_a_token_that_is_still_valid_is_served()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromMinutes(59.5));
        _stage.Script.On("token", Mishap.Breaks(HttpRequestError.ConnectionError), times: int.MaxValue);

        Assert.Equal((AccessSource.Stale, 1), (Granted(id).Source, Granted(id).Pair.Generation));

        Assert.Equal(1, _stage.Script.Calls.Count(call => call == "token"));
    }

    [Fact]
    public void With_finX_down_and_the_token_over_the_caller_is_told_when_to_come_again()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromHours(1));
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.TooManyRequests, retryAfter: TimeSpan.FromSeconds(30)));

        var first = Assert.IsType<AccessResult.TryLater>(_stage.GetToken(id));
        _stage.Pass(TimeSpan.FromSeconds(10));
        var second = Assert.IsType<AccessResult.TryLater>(_stage.GetToken(id));

        Assert.Equal((TryLaterCause.FinxUnavailable, TryLaterCause.FinxUnavailable), (first.Cause, second.Cause));
        Assert.InRange(first.RetryAfter, TimeSpan.FromSeconds(29.9), TimeSpan.FromSeconds(30));
        Assert.InRange(second.RetryAfter, TimeSpan.FromSeconds(19.9), TimeSpan.FromSeconds(20));
        Assert.Equal(1, _stage.Script.Calls.Count(call => call == "token"));

        // It looks 10 ms later, at the very moment.
        _stage.Pass(second.RetryAfter - TimeSpan.FromMilliseconds(10));
        Assert.Equal(AccessSource.Refreshed, Granted(id).Source);
    }

    [Fact]
    public void The_cause_of_a_failure_is_told_until_it_may_be_tried_again()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromHours(1));
        _stage.Script.On("token", Mishap.RefusesClient());
        Assert.Equal(TryLaterCause.FinxRefused, Assert.IsType<AccessResult.TryLater>(_stage.GetToken(id)).Cause);

        Assert.Equal(TryLaterCause.FinxRefused, Assert.IsType<AccessResult.TryLater>(_stage.GetToken(id)).Cause);

        _stage.Change(id, row => row with { RetryCause = null });
        Assert.Equal(TryLaterCause.FinxUnavailable, Assert.IsType<AccessResult.TryLater>(_stage.GetToken(id)).Cause);
    }

    [Fact]
    public void A_failed_rotation_of_a_token_that_was_rejected_does_not_bring_it_back()
    {
        var id = _stage.Connect();
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.TooManyRequests));

        Assert.IsType<AccessResult.TryLater>(_stage.GetToken(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1)));
    }

    [Fact]
    public void An_ambiguous_rotation_makes_callers_wait_for_the_replay()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromHours(1));
        _stage.Script.On("token", Mishap.NoAnswer(), times: 2);

        var first = Assert.IsType<AccessResult.TryLater>(_stage.GetToken(id));
        var second = Assert.IsType<AccessResult.TryLater>(_stage.GetToken(id));

        Assert.Equal((TryLaterCause.FinxUnavailable, TryLaterCause.FinxUnavailable), (first.Cause, second.Cause));
        Assert.InRange(first.RetryAfter, TimeSpan.FromMinutes(14.9), TimeSpan.FromMinutes(15));
        Assert.InRange(second.RetryAfter, TimeSpan.FromMinutes(14.9), first.RetryAfter);
        Assert.Equal(2, _stage.Script.Calls.Count(call => call == "token"));
        _stage.Pass(second.RetryAfter);
        Assert.Equal((AccessSource.Refreshed, 2), (Granted(id).Source, Granted(id).Pair.Generation));
    }

    [Fact]
    public void With_the_table_down_a_valid_token_in_memory_is_served_and_no_other()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromMinutes(56));
        Granted(id);
        _stage.Pass(TimeSpan.FromMinutes(3.5));
        _stage.Script.On("connections.query", Mishap.Fails(), times: 3);

        Assert.Equal((AccessSource.Stale, 1), (Granted(id).Source, Granted(id).Pair.Generation));

        Assert.Throws<StorageException>(() => _stage.GetToken(id, new AccessRequest(TimeSpan.Zero, RejectedGeneration: 1)));
    }

    [Fact]
    public void A_defect_is_not_covered_up_by_a_token_in_memory()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromMinutes(56));
        Granted(id);
        _stage.Pass(TimeSpan.FromMinutes(3.5));
        _stage.Script.On("connections.query", new Mishap { Failure = new InvalidOperationException("Broken.") });

        Assert.Throws<InvalidOperationException>(() => _stage.GetToken(id));
    }

    [Fact]
    public void A_claim_is_foreseen_once_though_memory_and_stores_both_will_not_do()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromMinutes(58));
        Granted(id);
        Assert.IsType<RotationOutcome.Rotated>(_stage.Twin().Refresh(id));
        _stage.Pass(TimeSpan.FromMinutes(1.5));

        Assert.Equal(3, Granted(id, new AccessRequest(TimeSpan.FromMinutes(1), RejectedGeneration: 2)).Pair.Generation);

        Assert.Equal(1, _stage.Script.Calls.Count(call => call == "agenda.upsert"));
    }

    [Fact]
    public void With_the_table_down_and_nothing_in_memory_there_is_no_token()
    {
        var id = _stage.Connect();
        _stage.Script.On("connections.query", Mishap.Fails());

        Assert.Throws<StorageException>(() => _stage.GetToken(id));
    }

    [Fact]
    public void With_the_vault_down_and_nothing_in_memory_there_is_no_token()
    {
        var id = _stage.Connect();
        _stage.Script.On("get", Mishap.Fails());

        Assert.Throws<VaultException>(() => _stage.GetToken(id));

        Assert.Equal(AccessSource.Cold, Granted(id).Source);
    }

    [Fact]
    public void With_the_vault_down_after_the_spend_callers_are_served_and_the_vault_catches_up()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromHours(1));
        _stage.Script.On("set", Mishap.Fails());
        Assert.Equal((AccessSource.Refreshed, 2), (Granted(id).Source, Granted(id).Pair.Generation));
        var twin = _stage.Twin();

        Assert.Equal(2, Assert.IsType<AccessResult.Granted>(twin.GetToken(id)).Pair.Generation);
        twin.Settle();
        Assert.Equal(1, _stage.Connection(id).Generation);
        _stage.Pass(TimeSpan.FromSeconds(100));
        var third = _stage.Twin();
        Assert.Equal(AccessSource.Cold, Assert.IsType<AccessResult.Granted>(third.GetToken(id)).Source);
        third.Settle();

        Assert.Equal(2, _stage.Connection(id).Generation);
        Assert.Equal(1, _stage.Script.Calls.Count(call => call == "token"));
    }

    [Fact]
    public void What_another_left_is_finished_by_who_needs_a_token()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromHours(1));
        var twin = _stage.Twin();
        twin.Script.On("token", Mishap.Kills(acts: false));
        _ = Ask(twin, id);
        _stage.Pass(TimeSpan.FromSeconds(100));

        var granted = Granted(id);

        Assert.Equal((AccessSource.Refreshed, 2), (granted.Source, granted.Pair.Generation));
    }

    [Fact]
    public void What_another_left_is_finished_even_if_it_is_over_by_then_and_refreshed_once_more()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromHours(1));
        var twin = _stage.Twin();
        twin.Script.On("set", Mishap.Kills(acts: false));
        _ = Ask(twin, id);
        _stage.Pass(TimeSpan.FromHours(2));

        var granted = Granted(id);

        Assert.Equal((AccessSource.Refreshed, 3), (granted.Source, granted.Pair.Generation));
        Assert.Equal(3, _stage.Connection(id).Generation);
        _stage.Script.Forget();
        Assert.Equal(3, Granted(id).Pair.Generation);
        Assert.Empty(_stage.Script.Calls);
    }

    [Fact]
    public void A_claim_that_is_paused_is_waited_for()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromHours(1));
        _stage.Script.On("token", Mishap.Answers(HttpStatusCode.InternalServerError));
        Assert.IsType<AccessResult.TryLater>(_stage.GetToken(id));
        var until = _stage.Snapshot(id).Claim!.LeaseUntil;
        var began = _stage.Now;

        var later = Assert.IsType<AccessResult.TryLater>(_stage.GetToken(id));

        Assert.Equal(TryLaterCause.FinxUnavailable, later.Cause);
        Assert.InRange(later.RetryAfter, until - _stage.Now, until - began);
        Assert.True(_stage.Now - began < TimeSpan.FromSeconds(0.1));
        _stage.Pass(until - _stage.Now - TimeSpan.FromMilliseconds(10));
        Assert.Equal(AccessSource.Refreshed, Granted(id).Source);
    }

    [Fact]
    public void A_first_pair_that_is_kept_and_not_committed_is_served()
    {
        var link = _stage.CreateLink();
        _stage.Script.On("set", Mishap.Fails());
        _stage.Return(_stage.Finish(link));

        Assert.Equal(1, Assert.IsType<AccessResult.Granted>(_stage.GetToken(link.ConnectionId)).Pair.Generation);
    }

    [Fact]
    public void Without_waiting_a_busy_connection_says_so_at_once()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromHours(1));
        _stage.Script.On("token", Mishap.Late(TimeSpan.FromSeconds(20)));
        _ = Ask(_stage, id);
        _stage.Pass(TimeSpan.FromSeconds(1));
        var twin = _stage.Twin(("Tokens:WaitLimit", "00:00:00"));
        using var reads = twin.Metric<long>("finx.token.reads");

        Assert.Equal(TryLaterCause.Busy, Assert.IsType<AccessResult.TryLater>(twin.GetToken(id)).Cause);

        Assert.Equal(1, twin.Script.Calls.Count(call => call == "connections.query"));
        Assert.Equal("busy", Assert.Single(reads.GetMeasurementSnapshot()).Tags["answer"]);
    }

    private AccessResult.Granted Granted(string id, AccessRequest? request = null) => Assert.IsType<AccessResult.Granted>(_stage.GetToken(id, request));

    private string NeedsReconsent(string id, AccessRequest? request = null) => Assert.IsType<AccessResult.NeedsReconsent>(_stage.GetToken(id, request)).Reason;

    private static Task<AccessResult> Ask(Stage stage, string id, AccessRequest? request = null) =>
        stage.Begin((AccessTokens tokens) => tokens.GetAsync(Owner, id, request ?? AccessRequest.Default, CancellationToken.None));
}
