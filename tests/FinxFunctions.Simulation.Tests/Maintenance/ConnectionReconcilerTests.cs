using System.Security.Cryptography;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.Connections;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Maintenance;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;
using FinxFunctions.Tokens;

namespace FinxFunctions.Simulation.Tests.Maintenance;

/// <summary>What the timer does with one connection, and when it is scheduled next.</summary>
public sealed class ConnectionReconcilerTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public void An_entry_of_a_connection_that_no_longer_exists_is_removed()
    {
        Reconcile(Pairs.Id, Note(Pairs.Id));

        Assert.Empty(_scenario.DueTimes(Pairs.Id));
    }

    [Fact]
    public void A_connection_that_is_not_due_is_scheduled_for_when_it_is()
    {
        var id = _scenario.Connect();
        var dueAt = _scenario.Connection(id).DueAt!.Value;
        _scenario.Pass(dueAt - _scenario.Now);

        Reconcile(id, dueAt);

        var connection = _scenario.Connection(id);
        Assert.Equal(1, connection.Generation);
        Assert.NotNull(connection.UserId);
        Assert.Equal(connection.NextRotationAt, connection.DueAt);
        Assert.Equal([connection.NextRotationAt!.Value], _scenario.DueTimes(id));
        Assert.Equal(connection.RefreshExpiresAt, Deadline(id));
    }

    [Fact]
    public void A_due_connection_is_refreshed_and_then_served_from_memory()
    {
        var id = Due();

        Reconcile(id, _scenario.Connection(id).DueAt!.Value);
        _scenario.Settle();

        var connection = _scenario.Connection(id);
        Assert.Equal(2, connection.Generation);
        Assert.Equal([connection.NextRotationAt!.Value], _scenario.DueTimes(id));
        Assert.Equal(connection.NextRotationAt, connection.DueAt);
        Assert.Contains("system rotation 2 done", _scenario.Records);
        _scenario.Script.Forget();
        Assert.Equal(AccessSource.Warm, Assert.IsType<AccessResult.Granted>(_scenario.GetToken(id)).Source);
        Assert.Empty(_scenario.Script.Calls);
    }

    [Fact]
    public void A_connection_in_backoff_is_left_alone_until_the_backoff_ends()
    {
        var id = Due();
        var retryAt = _scenario.Now.AddMinutes(3);
        _scenario.Change(id, row => row with { RetryAt = retryAt, Failures = 1 });

        Reconcile(id, _scenario.Connection(id).DueAt!.Value);

        Assert.Equal((1, retryAt), (_scenario.Connection(id).Generation, _scenario.Connection(id).DueAt));
        Assert.Equal([retryAt], _scenario.DueTimes(id));
    }

    [Fact]
    public void A_backoff_ends_at_the_exact_moment()
    {
        var id = Due();
        var retryAt = _scenario.Now.AddSeconds(1);
        _scenario.Change(id, row => row with { RetryAt = retryAt, Failures = 1 });
        PassToJustBefore(retryAt);

        Reconcile(id, _scenario.Connection(id).DueAt!.Value);

        Assert.Equal(2, _scenario.Connection(id).Generation);
    }

    [Fact]
    public void A_connection_is_due_at_the_exact_moment()
    {
        var id = _scenario.Connect();
        PassToJustBefore(_scenario.Connection(id).NextRotationAt!.Value);

        Reconcile(id, _scenario.Connection(id).DueAt!.Value);

        Assert.Equal(2, _scenario.Connection(id).Generation);
    }

    [Fact]
    public void While_the_circuit_is_open_an_entry_that_needs_finX_keeps_its_place()
    {
        var id = Due();
        var entry = _scenario.Connection(id).DueAt!.Value;
        _scenario.Get<FinxCircuit>().Open();

        Reconcile(id, entry);
        Assert.Equal([entry], _scenario.DueTimes(id));
        Assert.Equal(1, _scenario.Connection(id).Generation);

        _scenario.Pass(TimeSpan.FromSeconds(10));
        Reconcile(id, entry);
        Assert.Equal(2, _scenario.Connection(id).Generation);
    }

    [Fact]
    public void A_connection_that_needs_its_user_is_left_alone_and_not_scheduled_again()
    {
        var id = Due();
        var dueAt = _scenario.Connection(id).DueAt!.Value;
        _scenario.Change(id, row => row with { Status = ConnectionStatus.NeedsReconsent, NextRotationAt = null });

        Reconcile(id, dueAt);

        Assert.Equal(1, _scenario.Connection(id).Generation);
        Assert.Null(_scenario.Connection(id).DueAt);
        Assert.Empty(_scenario.DueTimes(id));
    }

    [Fact]
    public void A_rotation_that_finX_refuses_ends_the_connection()
    {
        var id = Due();
        _scenario.RefuseOnce(id);
        _scenario.Script.On("token", ScriptedFault.Refuses());

        Reconcile(id, _scenario.Connection(id).DueAt!.Value);
        _scenario.Settle();

        Assert.Equal(ConnectionStatus.NeedsReconsent, _scenario.Connection(id).Status);
        Assert.Empty(_scenario.DueTimes(id));
    }

    [Fact]
    public void An_entry_that_the_row_does_not_name_is_removed_and_the_other_stays()
    {
        var id = _scenario.Connect();
        var dueAt = _scenario.Connection(id).DueAt;
        var entry = Note(id);
        _scenario.Script.Forget();

        Reconcile(id, entry);

        Assert.Equal(dueAt, _scenario.Connection(id).DueAt);
        Assert.Equal([dueAt!.Value], _scenario.DueTimes(id));
        Assert.DoesNotContain("connections.submit", _scenario.Script.Calls);
    }

    [Fact]
    public void A_connection_with_an_unexpired_lease_is_left_alone()
    {
        var id = _scenario.Connect();
        var lease = Leave(id, acts: false, "set");
        var entry = Note(id);

        Reconcile(id, entry);

        Assert.NotNull(_scenario.Snapshot(id).Lease);
        Assert.Contains(lease, _scenario.DueTimes(id));
        Assert.DoesNotContain(entry, _scenario.DueTimes(id));
        Assert.DoesNotContain("connections.update", _scenario.Script.Calls);
    }

    [Fact]
    public void An_attempt_whose_lease_has_expired_is_finished()
    {
        var id = _scenario.Connect();
        var lease = Leave(id, acts: false, "set");
        PassToJustBefore(lease);

        Reconcile(id, lease);
        _scenario.Settle();

        Assert.Equal(2, _scenario.Connection(id).Generation);
        Assert.Equal([_scenario.Connection(id).DueAt!.Value], _scenario.DueTimes(id));
        _scenario.Script.Forget();
        Assert.Equal(AccessSource.Warm, Assert.IsType<AccessResult.Granted>(_scenario.GetToken(id)).Source);
    }

    [Fact]
    public void A_lease_that_stays_is_scheduled_for_its_expiry()
    {
        var id = _scenario.Connect();
        var expiry = Leave(id, acts: false, "set");
        _scenario.Pass(expiry - _scenario.Now);
        _scenario.Script.On("set", ScriptedFault.Fails());

        Reconcile(id, expiry);

        var lease = _scenario.Snapshot(id).Lease!;
        Assert.True(lease.ExpiresAt > expiry);
        Assert.Contains(lease.ExpiresAt, _scenario.DueTimes(id));
        Assert.DoesNotContain(expiry, _scenario.DueTimes(id));
    }

    [Fact]
    public void A_lease_that_has_expired_is_scheduled_for_the_next_second()
    {
        var id = _scenario.Connect();
        var lease = Leave(id, acts: false, "set");
        _scenario.Pass(lease - _scenario.Now);
        _scenario.Script.On("connections.update", ScriptedFault.Fails(412));

        Reconcile(id, lease);

        var noted = _scenario.DueTimes(id).Where(at => at > lease).Min();
        Assert.InRange(noted - _scenario.Now, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_pending_connection_is_deleted_a_day_after_its_link_expired()
    {
        var link = _scenario.CreateLink();
        var id = link.ConnectionId;
        var dueAt = _scenario.Connection(id).DueAt!.Value;
        Assert.Equal(link.ExpiresAt.AddDays(1), dueAt);
        _scenario.Pass(dueAt - _scenario.Now - TimeSpan.FromSeconds(10));
        Reconcile(id, Note(id));
        Assert.NotNull(_scenario.Find(id));

        PassToJustBefore(dueAt);
        Reconcile(id, dueAt);

        Assert.Null(_scenario.Find(id));
        Assert.Empty(_scenario.DueTimes(id));
        Assert.DoesNotContain(_scenario.Rows("users"), row => row.RowKey == id);
        Assert.Contains("system deletion 0 expired", _scenario.Records);
    }

    [Fact]
    public void A_pending_connection_is_kept_as_long_as_its_longest_link_needs()
    {
        var link = _scenario.CreateLink();
        var id = link.ConnectionId;
        _scenario.Pass(TimeSpan.FromHours(2));
        var second = _scenario.CreateLink(id);
        var dueAt = _scenario.Connection(id).DueAt!.Value;
        _scenario.Pass(dueAt - _scenario.Now);

        Reconcile(id, dueAt);

        Assert.Equal(second.ExpiresAt.AddDays(1), _scenario.Connection(id).DueAt);
        Assert.Equal([second.ExpiresAt.AddDays(1)], _scenario.DueTimes(id));
    }

    [Fact]
    public void A_pending_connection_that_changes_meanwhile_is_not_deleted()
    {
        var link = _scenario.CreateLink();
        var dueAt = _scenario.Connection(link.ConnectionId).DueAt!.Value;
        _scenario.Pass(dueAt - _scenario.Now);
        _scenario.Script.On("connections.submit", ScriptedFault.After(() => _scenario.OtherProcess().Change(link.ConnectionId, row => row with { Failures = 1 })));

        Reconcile(link.ConnectionId, dueAt);

        Assert.NotNull(_scenario.Find(link.ConnectionId));
        Assert.Contains(_scenario.Rows("users"), row => row.RowKey == link.ConnectionId);
        Assert.DoesNotContain("system deletion 0 expired", _scenario.Records);
        Assert.InRange(Assert.Single(_scenario.DueTimes(link.ConnectionId)) - _scenario.Now, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void An_interrupted_deletion_is_finished()
    {
        var id = _scenario.Connect();
        var other = _scenario.OtherProcess();
        other.Script.On("revoke", ScriptedFault.Kills(acts: false));
        _ = other.Begin((ConnectionDeletion deletion) => deletion.DeleteAsync("function-key", id));
        _scenario.Pass(TimeSpan.FromSeconds(1));
        var lease = _scenario.Snapshot(id).Lease!.ExpiresAt;
        Assert.Contains(lease, _scenario.DueTimes(id));
        _scenario.Pass(lease - _scenario.Now);

        Reconcile(id, lease);

        var tombstone = _scenario.Connection(id);
        Assert.Equal((ConnectionStatus.Deleted, null), (tombstone.Status, tombstone.UserId));
        Assert.Null(_scenario.Snapshot(id).Lease);
        Assert.Contains(tombstone.DueAt!.Value, _scenario.DueTimes(id));
        Reconcile(id, tombstone.DueAt!.Value.AddDays(-1));
        Assert.Equal(tombstone.DueAt, _scenario.Connection(id).DueAt);
        _scenario.Pass(TimeSpan.FromDays(30));
        Reconcile(id, tombstone.DueAt!.Value);
        Assert.Null(_scenario.Find(id));
    }

    [Fact]
    public void A_tombstone_that_is_due_too_early_keeps_its_date()
    {
        var id = _scenario.Connect();
        _scenario.Do((ConnectionDeletion deletion) => deletion.DeleteAsync("function-key", id));
        var purgeAt = _scenario.Connection(id).DueAt!.Value;
        _scenario.Do((ConnectionReconciler reconciler) => reconciler.ReconcileAsync(new DueEntry(id, purgeAt.AddDays(1), null)));

        Assert.Equal(purgeAt, _scenario.Connection(id).DueAt);
        Assert.Contains(purgeAt, _scenario.DueTimes(id));
    }

    [Fact]
    public void A_retired_secret_is_deleted_and_removed_from_the_row()
    {
        var id = _scenario.Connect();
        var vault = _scenario.Vaults.Single(vault => vault.Names.Any(name => name.Contains(id, StringComparison.Ordinal)));
        vault.Set(new KeyVaultSecret("retired", "value"));
        _scenario.Change(id, row => row with { RetiredSecret = "retired" });
        var dueAt = _scenario.Connection(id).DueAt;
        var entry = Note(id);

        Reconcile(id, entry);

        Assert.DoesNotContain("retired", vault.Names);
        Assert.Equal((null, dueAt), (_scenario.Connection(id).RetiredSecret, _scenario.Connection(id).DueAt));
        Assert.Equal([dueAt!.Value], _scenario.DueTimes(id));
    }

    [Fact]
    public void While_a_connection_is_leased_its_retired_secret_stays()
    {
        var id = _scenario.Connect();
        _scenario.Change(id, row => row with { RetiredSecret = "retired" });
        Leave(id, acts: false, "set");
        var entry = Note(id);

        Reconcile(id, entry);

        Assert.Equal("retired", _scenario.Connection(id).RetiredSecret);
        Assert.DoesNotContain("delete", _scenario.Script.Calls);
    }

    [Fact]
    public void A_user_id_is_encrypted_again_after_the_data_key_was_replaced()
    {
        var id = _scenario.Connect();
        var key = _scenario.Vaults[0].Set(new KeyVaultSecret(DataKeys.SecretName, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        _scenario.Pass(TimeSpan.FromHours(1));
        var dueAt = _scenario.Connection(id).DueAt;
        var entry = Note(id);

        Reconcile(id, entry);

        var connection = _scenario.Connection(id);
        Assert.Equal((key.Id, dueAt), (connection.UserId!.KeyId, connection.DueAt));
        Assert.Equal("user-1", _scenario.Do((UserIds ids) => ids.DecryptAsync(connection, CancellationToken.None)));
    }

    [Fact]
    public void If_nothing_changes_nothing_is_written()
    {
        var id = _scenario.Connect();
        _scenario.Change(id, row => row with { Status = ConnectionStatus.NeedsReconsent, DueAt = null, NextRotationAt = null });
        var entry = Note(id);
        _scenario.Script.Forget();

        Reconcile(id, entry);

        Assert.Equal(["connections.query", "connections.query", "agenda.delete"], _scenario.Script.Calls);
    }

    [Fact]
    public void An_entry_in_the_past_that_a_row_names_is_scheduled_again()
    {
        var id = _scenario.Connect();
        _scenario.Change(id, row => row with { DueAt = _scenario.Now });
        _scenario.Pass(TimeSpan.FromMinutes(1));
        var entry = Note(id, _scenario.Now.AddDays(-1));

        Reconcile(id, entry);

        Assert.Equal(_scenario.Connection(id).NextRotationAt, _scenario.Connection(id).DueAt);
    }

    [Fact]
    public void A_due_connection_without_a_pair_is_left_alone()
    {
        var id = Due();
        _scenario.Change(id, row => row with { SecretId = null });

        Reconcile(id, _scenario.Connection(id).DueAt!.Value);

        Assert.Equal(1, _scenario.Connection(id).Generation);
        Assert.InRange(_scenario.Connection(id).DueAt!.Value - _scenario.Now, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void An_entry_stays_if_a_store_fails()
    {
        var id = _scenario.Connect();
        var at = Note(id);
        _scenario.Script.On("connections.query", ScriptedFault.Fails());

        Assert.Throws<StorageException>(() => Reconcile(id, at));

        Assert.Equal(2, _scenario.DueTimes(id).Count);
    }

    /// <summary>A reconciliation that begins now reads exactly at that moment: a read takes 10 ms.</summary>
    private void PassToJustBefore(DateTimeOffset at) => _scenario.Pass(at - _scenario.Now - TimeSpan.FromMilliseconds(10));

    private string Due()
    {
        var id = _scenario.Connect();
        var (first, due) = (_scenario.Connection(id).DueAt!.Value, _scenario.Connection(id).NextRotationAt!.Value);
        _scenario.Pass(first - _scenario.Now);
        Reconcile(id, first);
        Assert.Equal([due], _scenario.DueTimes(id));
        _scenario.Pass(due - _scenario.Now);
        return id;
    }

    /// <summary>Another process begins a refresh and is killed at a call. Returns the expiry of its lease.</summary>
    private DateTimeOffset Leave(string id, bool acts, string operation)
    {
        var other = _scenario.OtherProcess();
        other.Script.On(operation, ScriptedFault.Kills(acts));
        _ = other.BeginRefresh(id);
        _scenario.Pass(TimeSpan.FromSeconds(1));
        return _scenario.Snapshot(id).Lease!.ExpiresAt;
    }

    /// <summary>Adds an entry for now or for another time.</summary>
    private DateTimeOffset Note(string id, DateTimeOffset? when = null)
    {
        var at = when ?? _scenario.Now;
        _scenario.Do((RotationSchedule schedule) => schedule.AddAsync(new DueEntry(id, at, null), CancellationToken.None));
        return at;
    }

    private void Reconcile(string id, DateTimeOffset at) => _scenario.Do((ConnectionReconciler reconciler) => reconciler.ReconcileAsync(new DueEntry(id, at, null)));

    private DateTimeOffset? Deadline(string id) => (DateTimeOffset?)_scenario.Rows("agenda").Single(row => row.RowKey.EndsWith(id, StringComparison.Ordinal)).Values["Deadline"];
}
