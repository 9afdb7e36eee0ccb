using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;

namespace FinxFunctions.Simulation.Tests.Rotation;

/// <summary>A process ended in the middle; another goes on from where it stood.</summary>
public sealed class RecoveryTests
{
    private readonly Scenario _first = new();
    private readonly Scenario _scenario;
    private readonly string _id;
    private readonly Secret _token;

    public RecoveryTests()
    {
        _id = _first.Connect();
        _token = _first.Pair(_id).RefreshToken!;
        _scenario = _first.OtherProcess();
    }

    [Fact]
    public void Where_there_is_no_lease_there_is_nothing_to_do() => Assert.IsType<RotationOutcome.LostRace>(_scenario.Recover(_id));

    [Theory]
    [InlineData(11, false)]
    [InlineData(10, true)]
    public void Before_the_end_of_a_lease_no_process_takes_over(int millisecondsBefore, bool isTaken)
    {
        Crash("set", acts: false);
        _scenario.Recover(_id);
        var left = _scenario.Snapshot(_id).Lease!;
        _scenario.Pass(left.ExpiresAt - _scenario.Now - TimeSpan.FromMilliseconds(millisecondsBefore));

        // It looks 10 ms later.
        Assert.Equal(isTaken, _scenario.Recover(_id) is RotationOutcome.Rotated);
    }

    [Fact]
    public void With_a_persisted_answer_the_remaining_steps_are_done()
    {
        Crash("set", acts: false);
        PassLease();
        using var rotations = _scenario.Metric<long>("finx.rotations");

        var rotated = Assert.IsType<RotationOutcome.Rotated>(_scenario.Recover(_id));
        _scenario.Settle();

        Assert.Equal((2, rotated.Pair), (_scenario.Connection(_id).Generation, _scenario.Pair(_id)));
        Assert.Equal(1, _scenario.Presentations(_token));
        Assert.Equal([16, 10], _scenario.Events);
        Assert.Contains("an answer was persisted: True", _scenario.Logs.GetSnapshot().First(line => line.Id.Id == 16).Message, StringComparison.Ordinal);
        Assert.Equal(["system rotation 2 done"], _scenario.Records);
        Assert.Equal(("refresh", "rotated"), (Assert.Single(rotations.GetMeasurementSnapshot()).Tags["kind"], rotations.LastMeasurement!.Tags["outcome"]));
    }

    [Fact]
    public void With_a_pair_in_the_vault_and_no_answer_in_the_row_it_is_taken_from_there()
    {
        Crash("token", acts: false);
        var pair = Pairs.Of(2, _scenario.Now, TimeSpan.FromHours(1)) with { ConnectionId = _id };
        Put(pair);
        PassLease();

        Assert.Equal(pair, Assert.IsType<RotationOutcome.Rotated>(_scenario.Recover(_id)).Pair);

        Assert.Equal((2, pair), (_scenario.Connection(_id).Generation, _scenario.Pair(_id)));
        Assert.Equal(pair.ObtainedAt.AddDays(40.5), _scenario.Connection(_id).NextRotationAt);
        Assert.DoesNotContain("token", _scenario.Script.Calls);
    }

    [Fact]
    public void A_pair_of_a_higher_generation_counts_however_old_it_is()
    {
        Crash("token", acts: false);
        var startedAt = _scenario.Snapshot(_id).Lease!.StartedAt;
        Put(Pairs.Of(2, startedAt - TimeSpan.FromTicks(1), TimeSpan.FromHours(1)) with { ConnectionId = _id });
        PassLease();

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Recover(_id));

        Assert.Equal((2, 1), (_scenario.Connection(_id).Generation, _scenario.Presentations(_token)));
    }

    [Fact]
    public void A_pair_of_the_very_moment_of_the_lease_is_its_own()
    {
        Crash("token", acts: false);
        Put(Pairs.Of(2, _scenario.Snapshot(_id).Lease!.StartedAt, TimeSpan.FromHours(1)) with { ConnectionId = _id });
        PassLease();

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Recover(_id));

        Assert.Equal(1, _scenario.Presentations(_token));
    }

    [Fact]
    public void Without_an_answer_the_token_is_presented_again()
    {
        Crash("token", acts: false);
        PassLease();

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Recover(_id));

        Assert.Equal((2, 2), (_scenario.Connection(_id).Generation, _scenario.Presentations(_token)));
        Assert.Equal([16, 12, 10], _scenario.Events);
        Assert.Contains("an answer was persisted: False", _scenario.Logs.GetSnapshot().First(line => line.Id.Id == 16).Message, StringComparison.Ordinal);
        Assert.Contains("an earlier holder left no answer", _scenario.Logs.GetSnapshot().First(line => line.Id.Id == 12).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_then_ends_the_connection_as_ambiguous()
    {
        Crash("token", acts: true);
        PassLease();

        Assert.IsType<RotationOutcome.TryLater>(_scenario.Recover(_id));
        _scenario.Pass(Scenario.RefusalPause);
        Assert.Equal("ambiguous", Assert.IsType<RotationOutcome.NeedsReconsent>(_scenario.Recover(_id)).Reason);

        Assert.Equal(["system rotation 1 ambiguous"], _scenario.Records);
    }

    [Fact]
    public void Of_two_processes_that_try_to_take_over_one_does()
    {
        Crash("set", acts: false);
        PassLease();
        var other = _scenario.OtherProcess();

        var (mine, its) = (BeginRecovery(_scenario), BeginRecovery(other));

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Await(mine));
        Assert.IsType<RotationOutcome.LostRace>(other.Await(its));
        Assert.Empty(other.Events);
    }

    [Fact]
    public void A_take_over_that_the_client_repeated_is_known_as_ones_own()
    {
        Crash("set", acts: false);
        PassLease();
        _scenario.Script.On("connections.update", ScriptedFault.Repeated());

        Assert.IsType<RotationOutcome.Rotated>(_scenario.Recover(_id));
    }

    [Fact]
    public void A_take_over_is_in_the_rotation_schedule()
    {
        Crash("set", acts: false);
        PassLease();
        _scenario.Script.On("set", ScriptedFault.Kills(acts: false));

        _ = BeginRecovery(_scenario);
        _first.Pass(TimeSpan.FromSeconds(1));

        var lease = _scenario.Snapshot(_id).Lease!;
        Assert.Equal(("system", true), (lease.Actor, lease.IsHeld(_scenario.Now)));
        Assert.Contains(lease.ExpiresAt, _scenario.DueTimes(_id));
    }

    [Fact]
    public void A_take_over_that_cannot_be_scheduled_ends()
    {
        Crash("set", acts: false);
        PassLease();
        _scenario.Script.On("agenda.upsert", ScriptedFault.Fails());

        Assert.Throws<StorageException>(() => _scenario.Recover(_id));

        Assert.DoesNotContain("set", _scenario.Script.Calls);
    }

    [Fact]
    public void A_replay_that_is_not_allowed_yet_is_waited_for()
    {
        Crash("token", acts: false);
        _scenario.ChangeLease(_id, lease => lease with { Replays = 1 });
        PassLease();
        var presentedAt = _scenario.Snapshot(_id).Lease!.PresentedAt;

        Assert.Equal(presentedAt.AddMinutes(15), Assert.IsType<RotationOutcome.Ambiguous>(_scenario.Recover(_id)).RetryAt);

        Assert.Equal(1, _scenario.Presentations(_token));
    }

    [Fact]
    public void A_suspension_that_another_ends_is_a_lost_race()
    {
        Crash("token", acts: false);
        _scenario.ChangeLease(_id, lease => lease with { Replays = 1 });
        PassLease();
        _scenario.Script.On("connections.update", ScriptedFault.After(() => _first.OtherProcess().ChangeLease(_id, lease => lease with { Holder = "another" })), skip: 1);

        Assert.IsType<RotationOutcome.LostRace>(_scenario.Recover(_id));
    }

    [Fact]
    public void What_a_recovery_cannot_read_is_an_error_and_changes_nothing_for_the_worse()
    {
        Crash("token", acts: false);
        PassLease();
        _scenario.Script.On("get", ScriptedFault.Fails(), skip: 1);

        Assert.Throws<VaultException>(() => _scenario.Recover(_id));

        Assert.Equal(1, _scenario.Presentations(_token));
        PassLease();
        Assert.IsType<RotationOutcome.Rotated>(_scenario.Recover(_id));
    }

    [Fact]
    public void A_lease_whose_token_is_in_no_store_ends_the_connection_as_lost()
    {
        Crash("token", acts: false);
        _scenario.DeleteSecrets(_id);
        PassLease();

        Assert.Equal("lost", Assert.IsType<RotationOutcome.NeedsReconsent>(_scenario.Recover(_id)).Reason);
    }

    private static Task<RotationOutcome> BeginRecovery(Scenario scenario, string id) => scenario.Begin(async (ConnectionStore store) => await scenario.Get<RotationProtocol>().RecoverAsync((await store.ReadAsync(id, CancellationToken.None))!));

    private Task<RotationOutcome> BeginRecovery(Scenario scenario) => BeginRecovery(scenario, _id);

    private void Put(TokenPair pair) => _scenario.Do((TokenVault vault) => vault.SetAsync(_scenario.Connection(_id).Vault, pair, CancellationToken.None));

    private void PassLease() => _scenario.Pass(TimeSpan.FromSeconds(100));

    /// <summary>The first process refreshes, and ends at a call.</summary>
    private void Crash(string operation, bool acts)
    {
        _first.Script.On(operation, ScriptedFault.Kills(acts));
        _ = _first.BeginRefresh(_id);
        _first.Pass(TimeSpan.FromSeconds(1));
    }
}
