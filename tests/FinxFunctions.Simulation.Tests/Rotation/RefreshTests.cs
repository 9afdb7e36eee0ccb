using FinxFunctions.Finx;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>The five steps without a fault, and what goes wrong before the token is redeemed.</summary>
public sealed class RefreshTests
{
    private const string WithoutRefreshToken = """{"access_token":"~token~access","expires_in":3600}""";

    private readonly Scenario _scenario = new();

    [Fact]
    public void It_moves_the_connection_to_the_next_generation()
    {
        var id = _scenario.Connect();
        var (before, was) = (_scenario.Pair(id), _scenario.Connection(id));
        _scenario.Pass(TimeSpan.FromMinutes(10));

        var rotated = Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(id)).Pair;

        var connection = _scenario.Connection(id);
        Assert.Equal(rotated, _scenario.Pair(id));
        Assert.NotEqual(before.RefreshToken, rotated.RefreshToken);
        Assert.Equal(2, rotated.Generation);
        Assert.Null(_scenario.Snapshot(id).Lease);
        Assert.Equal((ConnectionStatus.Active, 2, null, "accounts=ro transactions=ro offline"), (connection.Status, connection.Generation, connection.Reason, connection.Scope));
        Assert.Equal((rotated.ObtainedAt, rotated.AccessExpiresAt, rotated.RefreshExpiresAt), (connection.RefreshedAt, connection.AccessExpiresAt, connection.RefreshExpiresAt));
        Assert.Equal(rotated.ObtainedAt.AddDays(40.5), connection.NextRotationAt);
        Assert.Equal(was.ConsentExpiresAt, connection.ConsentExpiresAt);
        Assert.NotEqual(was.CommittedBy, connection.CommittedBy);
        Assert.True(connection.PresentedAt < connection.RefreshedAt);
        Assert.Null(connection.RetiredSecret);
        Assert.Equal(1, _scenario.Presentations(before.RefreshToken!));
    }

    [Fact]
    public void Its_calls_are_few_and_in_order()
    {
        var id = _scenario.Connect();

        _scenario.Refresh(id);
        _scenario.Settle();

        Assert.Equal(["connections.query", "get", "agenda.upsert", "connections.submit", "token", "connections.update", "set", "connections.submit", "agenda.delete"], _scenario.Script.Calls);
    }

    [Fact]
    public void It_leaves_the_rotation_schedule_as_it_was_and_a_record()
    {
        var id = _scenario.Connect();
        var schedule = _scenario.DueTimes(id);

        _scenario.Refresh(id);
        _scenario.Settle();

        Assert.Equal(schedule, _scenario.DueTimes(id));
        Assert.Equal(_scenario.Connection(id).DueAt, Assert.Single(schedule));
        Assert.Equal(["tester rotation 2 done"], _scenario.Records);
        Assert.Equal([10], _scenario.Events);
    }

    [Fact]
    public void It_is_counted_and_measured()
    {
        var id = _scenario.Connect();
        _scenario.Pass(TimeSpan.FromDays(10));
        using var rotations = _scenario.Metric<long>("finx.rotations");
        using var steps = _scenario.Metric<double>("finx.rotation.duration");
        using var remaining = _scenario.Metric<double>("finx.rotation.remaining");

        _scenario.Refresh(id);

        var counted = Assert.Single(rotations.GetMeasurementSnapshot());
        Assert.Equal(("refresh", "rotated"), (counted.Tags["kind"], counted.Tags["outcome"]));
        Assert.Equal(["claim", "spend", "keep", "vault", "commit"], steps.GetMeasurementSnapshot().Select(step => step.Tags["step"]));
        Assert.All(steps.GetMeasurementSnapshot(), step => Assert.InRange(step.Value, 0.009, 0.1));
        Assert.Equal(80, Assert.Single(remaining.GetMeasurementSnapshot()).Value, 0.01);
    }

    [Fact]
    public void A_connection_without_a_refresh_token_ends()
    {
        var id = _scenario.Connect(ScriptedFault.Grants(WithoutRefreshToken));
        using var reconsents = _scenario.Metric<long>("finx.reconsents");
        using var rotations = _scenario.Metric<long>("finx.rotations");
        Assert.Null(_scenario.Connection(id).RefreshExpiresAt);
        Assert.Null(_scenario.Connection(id).NextRotationAt);
        _scenario.Pass(TimeSpan.FromHours(1));
        _scenario.Change(id, row => row with { Failures = 2, RetryAt = _scenario.Now, RetryCause = TryLaterCause.Busy, NextRotationAt = _scenario.Now });

        var ended = Assert.IsType<RotationOutcome.NeedsReconsent>(_scenario.Refresh(id));

        var connection = _scenario.Connection(id);
        Assert.Equal("no_refresh_token", ended.Reason);
        Assert.Equal((ConnectionStatus.NeedsReconsent, "no_refresh_token", null), (connection.Status, connection.Reason, connection.NextRotationAt));
        Assert.Equal((0, null, null), (connection.Failures, connection.RetryAt, connection.RetryCause));
        Assert.Equal(["tester rotation 1 no_refresh_token"], _scenario.Records);
        Assert.Equal([15], _scenario.Events);
        Assert.Equal("no_refresh_token", Assert.Single(reconsents.GetMeasurementSnapshot()).Tags["reason"]);
        Assert.Equal("needs_reconsent", Assert.Single(rotations.GetMeasurementSnapshot()).Tags["outcome"]);
    }

    [Fact]
    public void Unless_it_moved_since_it_was_read()
    {
        var id = _scenario.Connect(ScriptedFault.Grants(WithoutRefreshToken));
        _scenario.Pass(TimeSpan.FromHours(1));
        _scenario.Script.On("connections.submit", ScriptedFault.After(() => _scenario.OtherProcess().Change(id, row => row with { Failures = 1 })));

        Assert.IsType<RotationOutcome.LostRace>(_scenario.Refresh(id));

        Assert.Equal(ConnectionStatus.Active, _scenario.Connection(id).Status);
        Assert.Empty(_scenario.Records);
    }

    [Fact]
    public void While_finX_is_left_alone_nothing_is_asked_of_anybody()
    {
        var id = _scenario.Connect();
        _scenario.Script.On("token", ScriptedFault.Answers(System.Net.HttpStatusCode.ServiceUnavailable), times: 20);
        for (var calls = 0; calls < 20; calls++)
        {
            _scenario.Do((FinxTokenClient finx) => finx.RedeemAsync(new TokenGrant.RefreshToken(new Secret("none")), _scenario.Now + TimeSpan.FromMinutes(1)));
        }

        _scenario.Script.Clear();
        _scenario.Script.Forget();

        var later = Assert.IsType<RotationOutcome.TryLater>(_scenario.Refresh(id));

        Assert.Equal(TryLaterCause.FinxUnavailable, later.Cause);
        Assert.Equal(_scenario.Now.AddSeconds(1.5), later.RetryAt);
        Assert.Equal(["connections.query"], _scenario.Script.Calls);
        _scenario.Pass(TimeSpan.FromSeconds(11));
        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(id));
    }

    [Fact]
    public void Of_two_processes_that_begin_at_once_one_redeems()
    {
        var id = _scenario.Connect();
        var token = _scenario.Pair(id).RefreshToken!;
        var schedule = _scenario.DueTimes(id);
        var other = _scenario.OtherProcess();
        using var rotations = other.Metric<long>("finx.rotations");

        var (mine, its) = (_scenario.BeginRefresh(id), other.BeginRefresh(id));

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Await(mine));
        Assert.IsType<RotationOutcome.LostRace>(other.Await(its));
        Assert.Equal(1, _scenario.Presentations(token));
        Assert.Equal("lost_race", Assert.Single(rotations.GetMeasurementSnapshot()).Tags["outcome"]);
        _scenario.Settle();
        other.Settle();
        Assert.Equal(schedule, _scenario.DueTimes(id));
    }

    [Fact]
    public void A_lease_that_the_client_repeated_is_known_as_ones_own()
    {
        var id = _scenario.Connect();
        _scenario.Script.On("connections.submit", ScriptedFault.Repeated());

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(id));
    }

    [Fact]
    public void A_lease_that_cannot_be_written_redeems_nothing()
    {
        var id = _scenario.Connect();
        var token = _scenario.Pair(id).RefreshToken!;
        _scenario.Script.On("connections.submit", ScriptedFault.Fails());

        Assert.Throws<StorageException>(() => _scenario.Refresh(id));

        Assert.Equal(0, _scenario.Presentations(token));
        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(id));
    }

    [Theory]
    [InlineData(59, 1)]
    [InlineData(60, 0)]
    public void A_token_is_not_redeemed_when_the_lease_might_expire_before_the_answer(int seconds, int presentations)
    {
        var id = _scenario.Connect();
        var token = _scenario.Pair(id).RefreshToken!;
        _scenario.Random.Value = 0;
        _scenario.Script.On("connections.submit", ScriptedFault.Late(TimeSpan.FromSeconds(seconds)));

        var outcome = _scenario.Refresh(id);

        Assert.Equal(presentations == 0, outcome is RotationOutcome.LostRace);
        Assert.Equal(presentations, _scenario.Presentations(token));
    }

    [Fact]
    public void What_was_foreseen_is_not_noted_again()
    {
        var id = _scenario.Connect();

        Assert.IsType<RotationOutcome.Rotated>(RefreshForeseen(id, TimeSpan.FromSeconds(50)));

        Assert.Equal(1, _scenario.Script.Calls.Count(call => call == "agenda.upsert"));
    }

    [Fact]
    public void What_was_foreseen_too_long_ago_is_noted_again()
    {
        var id = _scenario.Connect();

        Assert.IsType<RotationOutcome.Rotated>(RefreshForeseen(id, TimeSpan.FromSeconds(61)));

        Assert.Equal(2, _scenario.Script.Calls.Count(call => call == "agenda.upsert"));
    }

    [Fact]
    public void What_was_foreseen_and_did_not_come_is_taken_back()
    {
        var id = _scenario.Connect();
        var schedule = _scenario.DueTimes(id);

        _scenario.Do(async (Leases leases) =>
        {
            var foreseen = leases.PrepareAsync(id);
            var entry = await foreseen;
            Assert.Equal((id, null), (entry.ConnectionId, entry.Deadline));
            leases.Unschedule(foreseen);
        });
        Assert.Equal(2, _scenario.DueTimes(id).Count);
        _scenario.Settle();

        Assert.Equal(schedule, _scenario.DueTimes(id));
    }

    [Fact]
    public void A_generation_with_a_new_secret_name_retires_the_former_secret()
    {
        var id = _scenario.Connect();
        _scenario.Change(id, row => row with { Generation = 255, RetiredSecret = "an-earlier-one" });

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Refresh(id));
        Assert.Equal($"connection-{id}-0", _scenario.Connection(id).RetiredSecret);
        _scenario.Settle();

        Assert.Equal([$"connection-{id}-1"], _scenario.Vaults.SelectMany(vault => vault.Names).Where(name => name.StartsWith("connection", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_secret_that_is_still_to_be_deleted_is_not_forgotten()
    {
        var id = _scenario.Connect();
        _scenario.Change(id, row => row with { RetiredSecret = "an-earlier-one" });

        _scenario.Refresh(id);

        Assert.Equal("an-earlier-one", _scenario.Connection(id).RetiredSecret);
    }

    [Fact]
    public void A_due_entry_that_comes_too_late_is_brought_forward()
    {
        var id = _scenario.Connect();
        _scenario.Change(id, row => row with { DueAt = _scenario.Now.AddDays(41) });

        _scenario.Refresh(id);

        var connection = _scenario.Connection(id);
        Assert.Equal(connection.NextRotationAt, connection.DueAt);
        Assert.Contains(connection.DueAt!.Value, _scenario.DueTimes(id));
    }

    [Fact]
    public void A_due_entry_that_is_past_is_written_anew()
    {
        var id = _scenario.Connect();
        _scenario.Change(id, row => row with { DueAt = _scenario.Now.AddDays(-1) });

        _scenario.Refresh(id);

        Assert.Equal(_scenario.Connection(id).NextRotationAt, _scenario.Connection(id).DueAt);
    }

    [Fact]
    public void What_failed_before_is_forgotten_once_it_succeeds()
    {
        var id = _scenario.Connect();
        _scenario.Change(id, row => row with { Failures = 3, RetryAt = _scenario.Now, RetryCause = TryLaterCause.FinxUnavailable, Reason = "refused" });

        _scenario.Refresh(id);

        var connection = _scenario.Connection(id);
        Assert.Equal((0, null, null, null), (connection.Failures, connection.RetryAt, connection.RetryCause, connection.Reason));
    }

    [Fact]
    public void The_refresh_token_in_a_row_is_a_hash_and_the_rotation_schedule_holds_the_deadline()
    {
        var id = _scenario.Connect();
        var token = _scenario.Pair(id).RefreshToken!;
        _scenario.Script.On("token", ScriptedFault.Kills(acts: false));

        _ = _scenario.BeginRefresh(id);
        _scenario.Pass(TimeSpan.FromSeconds(1));

        var lease = _scenario.Snapshot(id).Lease!;
        Assert.Equal(token.Hash(), lease.TokenHash);
        Assert.Equal((LeaseKind.Refresh, 1, "tester", true, false), (lease.Kind, lease.FromGeneration, lease.Actor, lease.Unanswered, lease.Ambiguous));
        Assert.Equal(32, lease.Holder.Length);
        Assert.Contains(lease.ExpiresAt, _scenario.DueTimes(id));
    }

    [Fact]
    public void Of_two_that_prepare_a_lease_at_the_same_moment_the_loser_deletes_its_own_entry()
    {
        var id = _scenario.Connect();
        var other = _scenario.OtherProcess();
        (_scenario.Random.Value, other.Random.Value) = (0.2, 0.4);

        var winner = _scenario.Begin((Leases leases) => leases.PrepareAsync(id));
        var loser = other.Begin((Leases leases) => leases.PrepareAsync(id));
        other.Do((Leases leases) =>
        {
            leases.Unschedule(loser);
            return Task.CompletedTask;
        });
        other.Settle();

        Assert.Contains(_scenario.Await(winner).At, _scenario.DueTimes(id));
        Assert.DoesNotContain(other.Await(loser).At, _scenario.DueTimes(id));
    }

    private RotationOutcome RefreshForeseen(string id, TimeSpan before) => _scenario.Do(async (ConnectionStore store) =>
    {
        var snapshot = (await store.ReadAsync(id, CancellationToken.None))!;
        var rotation = _scenario.Get<RotationProtocol>();
        var foreseen = _scenario.Get<Leases>().PrepareAsync(id);
        await Task.Delay(before, _scenario.Get<TimeProvider>());
        return await rotation.RefreshAsync(snapshot, "tester", foreseen);
    });
}
