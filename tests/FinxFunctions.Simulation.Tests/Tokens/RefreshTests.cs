using Finx.Api;
using Finx.Connections;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.Tokens;

/// <summary>The five steps where nothing goes wrong, and what goes wrong before the token is spent.</summary>
public sealed class RefreshTests
{
    private const string WithoutRefreshToken = """{"access_token":"~token~access","expires_in":3600}""";

    private readonly Stage _stage = new();

    [Fact]
    public void It_moves_the_connection_to_the_next_generation()
    {
        var id = _stage.Connect();
        var (before, was) = (_stage.Pair(id), _stage.Connection(id));
        _stage.Pass(TimeSpan.FromMinutes(10));

        var rotated = Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(id)).Pair;

        var connection = _stage.Connection(id);
        Assert.Equal(rotated, _stage.Pair(id));
        Assert.NotEqual(before.RefreshToken, rotated.RefreshToken);
        Assert.Equal(2, rotated.Generation);
        Assert.Null(_stage.Snapshot(id).Claim);
        Assert.Equal((ConnectionStatus.Active, 2, null, "accounts=ro transactions=ro offline"), (connection.Status, connection.Generation, connection.Reason, connection.Scope));
        Assert.Equal((rotated.ObtainedAt, rotated.AccessExpiresAt, rotated.RefreshExpiresAt), (connection.RefreshedAt, connection.AccessExpiresAt, connection.RefreshExpiresAt));
        Assert.Equal(rotated.ObtainedAt.AddDays(40.5), connection.NextRotationAt);
        Assert.Equal(was.ConsentExpiresAt, connection.ConsentExpiresAt);
        Assert.NotEqual(was.CommittedBy, connection.CommittedBy);
        Assert.True(connection.PresentedAt < connection.RefreshedAt);
        Assert.Null(connection.RetiredSecret);
        Assert.Equal(1, _stage.Presentations(before.RefreshToken!));
    }

    [Fact]
    public void Its_calls_are_few_and_in_order()
    {
        var id = _stage.Connect();

        _stage.Refresh(id);
        _stage.Settle();

        Assert.Equal(["connections.query", "get", "agenda.upsert", "connections.submit", "token", "connections.update", "set", "connections.submit", "agenda.delete"], _stage.Script.Calls);
    }

    [Fact]
    public void It_leaves_the_agenda_as_it_was_and_a_record()
    {
        var id = _stage.Connect();
        var agenda = _stage.Agenda(id);

        _stage.Refresh(id);
        _stage.Settle();

        Assert.Equal(agenda, _stage.Agenda(id));
        Assert.Equal(_stage.Connection(id).VisitAt, Assert.Single(agenda));
        Assert.Equal(["tester rotation 2 done"], _stage.Records);
        Assert.Equal([10], _stage.Events);
    }

    [Fact]
    public void It_is_counted_and_measured()
    {
        var id = _stage.Connect();
        _stage.Pass(TimeSpan.FromDays(10));
        using var rotations = _stage.Metric<long>("finx.rotations");
        using var steps = _stage.Metric<double>("finx.rotation.duration");
        using var remaining = _stage.Metric<double>("finx.rotation.remaining");

        _stage.Refresh(id);

        var counted = Assert.Single(rotations.GetMeasurementSnapshot());
        Assert.Equal(("refresh", "rotated"), (counted.Tags["kind"], counted.Tags["outcome"]));
        Assert.Equal(["claim", "spend", "keep", "vault", "commit"], steps.GetMeasurementSnapshot().Select(step => step.Tags["step"]));
        Assert.All(steps.GetMeasurementSnapshot(), step => Assert.InRange(step.Value, 0.009, 0.1));
        Assert.Equal(80, Assert.Single(remaining.GetMeasurementSnapshot()).Value, 0.01);
    }

    [Fact]
    public void A_connection_without_a_refresh_token_ends()
    {
        var id = _stage.Connect(Mishap.Grants(WithoutRefreshToken));
        using var reconsents = _stage.Metric<long>("finx.reconsents");
        using var rotations = _stage.Metric<long>("finx.rotations");
        Assert.Null(_stage.Connection(id).RefreshExpiresAt);
        Assert.Null(_stage.Connection(id).NextRotationAt);
        _stage.Change(id, row => row with { Failures = 2, RetryAt = _stage.Now, RetryCause = TryLaterCause.Busy, NextRotationAt = _stage.Now });

        var ended = Assert.IsType<RotationOutcome.NeedsReconsent>(_stage.Refresh(id));

        var connection = _stage.Connection(id);
        Assert.Equal("no_refresh_token", ended.Reason);
        Assert.Equal((ConnectionStatus.NeedsReconsent, "no_refresh_token", null), (connection.Status, connection.Reason, connection.NextRotationAt));
        Assert.Equal((0, null, null), (connection.Failures, connection.RetryAt, connection.RetryCause));
        Assert.Equal(["tester rotation 1 no_refresh_token"], _stage.Records);
        Assert.Equal([15], _stage.Events);
        Assert.Equal("no_refresh_token", Assert.Single(reconsents.GetMeasurementSnapshot()).Tags["reason"]);
        Assert.Equal("needs_reconsent", Assert.Single(rotations.GetMeasurementSnapshot()).Tags["outcome"]);
    }

    [Fact]
    public void Unless_it_moved_since_it_was_read()
    {
        var id = _stage.Connect(Mishap.Grants(WithoutRefreshToken));
        _stage.Script.On("connections.submit", Mishap.After(() => _stage.Twin().Change(id, row => row with { Failures = 1 })));

        Assert.IsType<RotationOutcome.LostRace>(_stage.Refresh(id));

        Assert.Equal(ConnectionStatus.Active, _stage.Connection(id).Status);
        Assert.Empty(_stage.Records);
    }

    [Fact]
    public void While_finX_is_left_alone_nothing_is_asked_of_anybody()
    {
        var id = _stage.Connect();
        _stage.Script.On("token", Mishap.Answers(System.Net.HttpStatusCode.ServiceUnavailable), times: 20);
        for (var calls = 0; calls < 20; calls++)
        {
            _stage.Do((FinxTokenClient finx) => finx.SpendAsync(new TokenGrant.RefreshToken(new Secret("none"))));
        }

        _stage.Script.Clear();
        _stage.Script.Forget();

        var later = Assert.IsType<RotationOutcome.TryLater>(_stage.Refresh(id));

        Assert.Equal(TryLaterCause.FinxUnavailable, later.Cause);
        Assert.Equal(_stage.Now.AddSeconds(1.5), later.RetryAt);
        Assert.Equal(["connections.query", "get"], _stage.Script.Calls);
        _stage.Pass(TimeSpan.FromSeconds(11));
        Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(id));
    }

    [Fact]
    public void Of_two_processes_that_begin_at_once_one_spends()
    {
        var id = _stage.Connect();
        var token = _stage.Pair(id).RefreshToken!;
        var agenda = _stage.Agenda(id);
        var twin = _stage.Twin();
        using var rotations = twin.Metric<long>("finx.rotations");

        var (mine, its) = (_stage.BeginRefresh(id), twin.BeginRefresh(id));

        Assert.IsType<RotationOutcome.Rotated>(_stage.Await(mine));
        Assert.IsType<RotationOutcome.LostRace>(twin.Await(its));
        Assert.Equal(1, _stage.Presentations(token));
        Assert.Equal("lost_race", Assert.Single(rotations.GetMeasurementSnapshot()).Tags["outcome"]);
        _stage.Settle();
        twin.Settle();
        Assert.Equal(agenda, _stage.Agenda(id));
    }

    [Fact]
    public void A_claim_that_the_client_repeated_is_known_as_ones_own()
    {
        var id = _stage.Connect();
        _stage.Script.On("connections.submit", Mishap.Repeated());

        Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(id));
    }

    [Fact]
    public void A_claim_that_cannot_be_written_spends_nothing()
    {
        var id = _stage.Connect();
        var token = _stage.Pair(id).RefreshToken!;
        _stage.Script.On("connections.submit", Mishap.Fails());

        Assert.Throws<StorageException>(() => _stage.Refresh(id));

        Assert.Equal(0, _stage.Presentations(token));
        Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(id));
    }

    [Theory]
    [InlineData(59, 1)]
    [InlineData(60, 0)]
    public void A_token_is_not_spent_so_late_that_the_lease_might_end_before_the_answer(int seconds, int presentations)
    {
        var id = _stage.Connect();
        var token = _stage.Pair(id).RefreshToken!;
        _stage.Luck.Value = 0;
        _stage.Script.On("connections.submit", Mishap.Late(TimeSpan.FromSeconds(seconds)));

        var outcome = _stage.Refresh(id);

        Assert.Equal(presentations == 0, outcome is RotationOutcome.LostRace);
        Assert.Equal(presentations, _stage.Presentations(token));
    }

    [Fact]
    public void What_was_foreseen_is_not_noted_again()
    {
        var id = _stage.Connect();

        Assert.IsType<RotationOutcome.Rotated>(RefreshForeseen(id, TimeSpan.FromSeconds(50)));

        Assert.Equal(1, _stage.Script.Calls.Count(call => call == "agenda.upsert"));
    }

    [Fact]
    public void What_was_foreseen_too_long_ago_is_noted_again()
    {
        var id = _stage.Connect();

        Assert.IsType<RotationOutcome.Rotated>(RefreshForeseen(id, TimeSpan.FromSeconds(61)));

        Assert.Equal(2, _stage.Script.Calls.Count(call => call == "agenda.upsert"));
    }

    [Fact]
    public void What_was_foreseen_and_did_not_come_is_taken_back()
    {
        var id = _stage.Connect();
        var agenda = _stage.Agenda(id);

        _stage.Do(async (Claims claims) =>
        {
            var foreseen = claims.ForeseeAsync(id);
            var entry = await foreseen;
            Assert.Equal((id, null), (entry.ConnectionId, entry.Deadline));
            claims.Forget(foreseen);
        });
        Assert.Equal(2, _stage.Agenda(id).Count);
        _stage.Settle();

        Assert.Equal(agenda, _stage.Agenda(id));
    }

    [Fact]
    public void A_generation_with_a_new_secret_name_retires_the_former_secret()
    {
        var id = _stage.Connect();
        _stage.Change(id, row => row with { Generation = 255, RetiredSecret = "an-earlier-one" });

        Assert.IsType<RotationOutcome.Rotated>(_stage.Refresh(id));
        Assert.Equal($"connection-{id}-0", _stage.Connection(id).RetiredSecret);
        _stage.Settle();

        Assert.Equal([$"connection-{id}-1"], _stage.Vaults.SelectMany(vault => vault.Names).Where(name => name.StartsWith("connection", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_secret_that_is_still_to_be_deleted_is_not_forgotten()
    {
        var id = _stage.Connect();
        _stage.Change(id, row => row with { RetiredSecret = "an-earlier-one" });

        _stage.Refresh(id);

        Assert.Equal("an-earlier-one", _stage.Connection(id).RetiredSecret);
    }

    [Fact]
    public void A_visit_that_comes_too_late_is_brought_forward()
    {
        var id = _stage.Connect();
        _stage.Change(id, row => row with { VisitAt = _stage.Now.AddDays(41) });

        _stage.Refresh(id);

        var connection = _stage.Connection(id);
        Assert.Equal(connection.NextRotationAt, connection.VisitAt);
        Assert.Contains(connection.VisitAt!.Value, _stage.Agenda(id));
    }

    [Fact]
    public void A_visit_that_is_past_is_noted_anew()
    {
        var id = _stage.Connect();
        _stage.Change(id, row => row with { VisitAt = _stage.Now.AddDays(-1) });

        _stage.Refresh(id);

        Assert.Equal(_stage.Connection(id).NextRotationAt, _stage.Connection(id).VisitAt);
    }

    [Fact]
    public void What_failed_before_is_forgotten_once_it_succeeds()
    {
        var id = _stage.Connect();
        _stage.Change(id, row => row with { Failures = 3, RetryAt = _stage.Now, RetryCause = TryLaterCause.FinxUnavailable, Reason = "refused" });

        _stage.Refresh(id);

        var connection = _stage.Connection(id);
        Assert.Equal((0, null, null, null), (connection.Failures, connection.RetryAt, connection.RetryCause, connection.Reason));
    }

    [Fact]
    public void The_refresh_token_in_a_row_is_a_hash_and_the_agenda_holds_the_deadline()
    {
        var id = _stage.Connect();
        var token = _stage.Pair(id).RefreshToken!;
        _stage.Script.On("token", Mishap.Kills(acts: false));

        _ = _stage.BeginRefresh(id);
        _stage.Pass(TimeSpan.FromSeconds(1));

        var claim = _stage.Snapshot(id).Claim!;
        Assert.Equal(token.Hash(), claim.TokenHash);
        Assert.Equal((ClaimKind.Refresh, 1, "tester", true, false), (claim.Kind, claim.FromGeneration, claim.Actor, claim.Unanswered, claim.Ambiguous));
        Assert.Equal(32, claim.Owner.Length);
        Assert.Contains(claim.LeaseUntil, _stage.Agenda(id));
    }

    [Fact]
    public void Of_two_that_foresee_a_claim_at_the_same_moment_the_loser_takes_back_its_own_entry()
    {
        var id = _stage.Connect();
        var twin = _stage.Twin();
        (_stage.Luck.Value, twin.Luck.Value) = (0.2, 0.4);

        var winner = _stage.Begin((Claims claims) => claims.ForeseeAsync(id));
        var loser = twin.Begin((Claims claims) => claims.ForeseeAsync(id));
        twin.Do((Claims claims) =>
        {
            claims.Forget(loser);
            return Task.CompletedTask;
        });
        twin.Settle();

        Assert.Contains(_stage.Await(winner).At, _stage.Agenda(id));
        Assert.DoesNotContain(twin.Await(loser).At, _stage.Agenda(id));
    }

    private RotationOutcome RefreshForeseen(string id, TimeSpan before) => _stage.Do(async (ConnectionStore store) =>
    {
        var snapshot = (await store.ReadAsync(id, CancellationToken.None))!;
        var pair = (await _stage.Get<PairReader>().CommittedAsync(snapshot, CancellationToken.None))!;
        var rotation = _stage.Get<RotationProtocol>();
        var foreseen = _stage.Get<Claims>().ForeseeAsync(id);
        await Task.Delay(before, _stage.Get<TimeProvider>());
        return await rotation.RefreshAsync(snapshot, pair, "tester", foreseen);
    });
}
