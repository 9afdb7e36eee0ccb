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

/// <summary>What the timer does with one connection, and where its schedule leads afterwards.</summary>
public sealed class ConnectionReconcilerTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public void An_entry_for_a_connection_that_is_gone_is_dropped()
    {
        Visit(Pairs.Id, Note(Pairs.Id));

        Assert.Empty(_scenario.DueTimes(Pairs.Id));
    }

    [Fact]
    public void A_connection_that_is_not_due_is_noted_for_when_it_is()
    {
        var id = _scenario.Connect();
        var visitAt = _scenario.Connection(id).DueAt!.Value;
        _scenario.Pass(visitAt - _scenario.Now);

        Visit(id, visitAt);

        var connection = _scenario.Connection(id);
        Assert.Equal(1, connection.Generation);
        Assert.NotNull(connection.UserId);
        Assert.Equal(connection.NextRotationAt, connection.DueAt);
        Assert.Equal([connection.NextRotationAt!.Value], _scenario.DueTimes(id));
        Assert.Equal(connection.RefreshExpiresAt, Deadline(id));
    }

    [Fact]
    public void A_connection_that_is_due_is_refreshed_and_served_from_memory_then()
    {
        var id = Due();

        Visit(id, _scenario.Connection(id).DueAt!.Value);
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
    public void A_connection_that_failed_lately_is_left_until_it_may_be_tried_again()
    {
        var id = Due();
        var retryAt = _scenario.Now.AddMinutes(3);
        _scenario.Change(id, row => row with { RetryAt = retryAt, Failures = 1 });

        Visit(id, _scenario.Connection(id).DueAt!.Value);

        Assert.Equal((1, retryAt), (_scenario.Connection(id).Generation, _scenario.Connection(id).DueAt));
        Assert.Equal([retryAt], _scenario.DueTimes(id));
    }

    [Fact]
    public void A_connection_may_be_tried_again_at_the_very_moment()
    {
        var id = Due();
        var retryAt = _scenario.Now.AddSeconds(1);
        _scenario.Change(id, row => row with { RetryAt = retryAt, Failures = 1 });
        PassToJustBefore(retryAt);

        Visit(id, _scenario.Connection(id).DueAt!.Value);

        Assert.Equal(2, _scenario.Connection(id).Generation);
    }

    [Fact]
    public void A_connection_is_due_at_the_very_moment()
    {
        var id = _scenario.Connect();
        PassToJustBefore(_scenario.Connection(id).NextRotationAt!.Value);

        Visit(id, _scenario.Connection(id).DueAt!.Value);

        Assert.Equal(2, _scenario.Connection(id).Generation);
    }

    [Fact]
    public void While_finX_is_left_alone_an_entry_that_needs_it_keeps_its_place()
    {
        var id = Due();
        var entry = _scenario.Connection(id).DueAt!.Value;
        _scenario.Get<FinxCircuit>().Open();

        Visit(id, entry);
        Assert.Equal([entry], _scenario.DueTimes(id));
        Assert.Equal(1, _scenario.Connection(id).Generation);

        _scenario.Pass(TimeSpan.FromSeconds(10));
        Visit(id, entry);
        Assert.Equal(2, _scenario.Connection(id).Generation);
    }

    [Fact]
    public void A_connection_that_needs_its_user_is_left_and_not_noted_again()
    {
        var id = Due();
        var visitAt = _scenario.Connection(id).DueAt!.Value;
        _scenario.Change(id, row => row with { Status = ConnectionStatus.NeedsReconsent, NextRotationAt = null });

        Visit(id, visitAt);

        Assert.Equal(1, _scenario.Connection(id).Generation);
        Assert.Null(_scenario.Connection(id).DueAt);
        Assert.Empty(_scenario.DueTimes(id));
    }

    [Fact]
    public void A_rotation_that_finX_refuses_ends_it()
    {
        var id = Due();
        _scenario.Script.On("token", ScriptedFault.Refuses());

        Visit(id, _scenario.Connection(id).DueAt!.Value);
        _scenario.Settle();

        Assert.Equal(ConnectionStatus.NeedsReconsent, _scenario.Connection(id).Status);
        Assert.Empty(_scenario.DueTimes(id));
    }

    [Fact]
    public void An_entry_that_is_not_the_connections_own_is_dropped_and_the_other_stays()
    {
        var id = _scenario.Connect();
        var visitAt = _scenario.Connection(id).DueAt;
        var entry = Note(id);
        _scenario.Script.Forget();

        Visit(id, entry);

        Assert.Equal(visitAt, _scenario.Connection(id).DueAt);
        Assert.Equal([visitAt!.Value], _scenario.DueTimes(id));
        Assert.DoesNotContain("connections.submit", _scenario.Script.Calls);
    }

    [Fact]
    public void A_lease_that_is_not_over_is_waited_for()
    {
        var id = _scenario.Connect();
        var lease = Leave(id, acts: false, "set");
        var entry = Note(id);

        Visit(id, entry);

        Assert.NotNull(_scenario.Snapshot(id).Lease);
        Assert.Contains(lease, _scenario.DueTimes(id));
        Assert.DoesNotContain(entry, _scenario.DueTimes(id));
        Assert.DoesNotContain("connections.update", _scenario.Script.Calls);
    }

    [Fact]
    public void A_claim_whose_lease_is_over_is_finished()
    {
        var id = _scenario.Connect();
        var lease = Leave(id, acts: false, "set");
        PassToJustBefore(lease);

        Visit(id, lease);
        _scenario.Settle();

        Assert.Equal(2, _scenario.Connection(id).Generation);
        Assert.Equal([_scenario.Connection(id).DueAt!.Value], _scenario.DueTimes(id));
        _scenario.Script.Forget();
        Assert.Equal(AccessSource.Warm, Assert.IsType<AccessResult.Granted>(_scenario.GetToken(id)).Source);
    }

    [Fact]
    public void A_claim_that_stays_is_noted_for_the_end_of_its_lease()
    {
        var id = _scenario.Connect();
        var expiry = Leave(id, acts: false, "set");
        _scenario.Pass(expiry - _scenario.Now);
        _scenario.Script.On("set", ScriptedFault.Fails());

        Visit(id, expiry);

        var lease = _scenario.Snapshot(id).Lease!;
        Assert.True(lease.ExpiresAt > expiry);
        Assert.Contains(lease.ExpiresAt, _scenario.DueTimes(id));
        Assert.DoesNotContain(expiry, _scenario.DueTimes(id));
    }

    [Fact]
    public void A_claim_whose_lease_is_past_is_noted_for_the_next_second()
    {
        var id = _scenario.Connect();
        var lease = Leave(id, acts: false, "set");
        _scenario.Pass(lease - _scenario.Now);
        _scenario.Script.On("connections.update", ScriptedFault.Fails(412));

        Visit(id, lease);

        var noted = _scenario.DueTimes(id).Where(at => at > lease).Min();
        Assert.InRange(noted - _scenario.Now, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void An_unfinished_connection_is_kept_for_a_day_behind_its_link_and_then_removed()
    {
        var link = _scenario.CreateLink();
        var id = link.ConnectionId;
        var visitAt = _scenario.Connection(id).DueAt!.Value;
        Assert.Equal(link.ExpiresAt.AddDays(1), visitAt);
        _scenario.Pass(visitAt - _scenario.Now - TimeSpan.FromSeconds(10));
        Visit(id, Note(id));
        Assert.NotNull(_scenario.Find(id));

        PassToJustBefore(visitAt);
        Visit(id, visitAt);

        Assert.Null(_scenario.Find(id));
        Assert.Empty(_scenario.DueTimes(id));
        Assert.DoesNotContain(_scenario.Rows("users"), row => row.RowKey == id);
        Assert.Contains("system deletion 0 expired", _scenario.Records);
    }

    [Fact]
    public void An_unfinished_connection_with_another_link_is_kept_for_that()
    {
        var link = _scenario.CreateLink();
        var id = link.ConnectionId;
        _scenario.Pass(TimeSpan.FromHours(2));
        var second = _scenario.CreateLink(id);
        var visitAt = _scenario.Connection(id).DueAt!.Value;
        _scenario.Pass(visitAt - _scenario.Now);

        Visit(id, visitAt);

        Assert.Equal(second.ExpiresAt.AddDays(1), _scenario.Connection(id).DueAt);
        Assert.Equal([second.ExpiresAt.AddDays(1)], _scenario.DueTimes(id));
    }

    [Fact]
    public void An_unfinished_connection_that_moves_is_not_removed()
    {
        var link = _scenario.CreateLink();
        var visitAt = _scenario.Connection(link.ConnectionId).DueAt!.Value;
        _scenario.Pass(visitAt - _scenario.Now);
        _scenario.Script.On("connections.submit", ScriptedFault.After(() => _scenario.OtherProcess().Change(link.ConnectionId, row => row with { Failures = 1 })));

        Visit(link.ConnectionId, visitAt);

        Assert.NotNull(_scenario.Find(link.ConnectionId));
        Assert.Contains(_scenario.Rows("users"), row => row.RowKey == link.ConnectionId);
        Assert.DoesNotContain("system deletion 0 expired", _scenario.Records);
        Assert.InRange(Assert.Single(_scenario.DueTimes(link.ConnectionId)) - _scenario.Now, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_deletion_that_was_left_is_finished()
    {
        var id = _scenario.Connect();
        var other = _scenario.OtherProcess();
        other.Script.On("revoke", ScriptedFault.Kills(acts: false));
        _ = other.Begin((ConnectionDeletion deletion) => deletion.DeleteAsync("function-key", id));
        _scenario.Pass(TimeSpan.FromSeconds(1));
        var lease = _scenario.Snapshot(id).Lease!.ExpiresAt;
        Assert.Contains(lease, _scenario.DueTimes(id));
        _scenario.Pass(lease - _scenario.Now);

        Visit(id, lease);

        var tombstone = _scenario.Connection(id);
        Assert.Equal((ConnectionStatus.Deleted, null), (tombstone.Status, tombstone.UserId));
        Assert.Null(_scenario.Snapshot(id).Lease);
        Assert.Contains(tombstone.DueAt!.Value, _scenario.DueTimes(id));
        Visit(id, tombstone.DueAt!.Value.AddDays(-1));
        Assert.Equal(tombstone.DueAt, _scenario.Connection(id).DueAt);
        _scenario.Pass(TimeSpan.FromDays(30));
        Visit(id, tombstone.DueAt!.Value);
        Assert.Null(_scenario.Find(id));
    }

    [Fact]
    public void A_tombstone_that_is_noted_too_early_keeps_its_day()
    {
        var id = _scenario.Connect();
        _scenario.Do((ConnectionDeletion deletion) => deletion.DeleteAsync("function-key", id));
        var purgeAt = _scenario.Connection(id).DueAt!.Value;
        _scenario.Do((ConnectionReconciler reconciler) => reconciler.ReconcileAsync(new DueEntry(id, purgeAt.AddDays(1), null)));

        Assert.Equal(purgeAt, _scenario.Connection(id).DueAt);
        Assert.Contains(purgeAt, _scenario.DueTimes(id));
    }

    [Fact]
    public void A_retired_secret_is_deleted_and_forgotten()
    {
        var id = _scenario.Connect();
        var vault = _scenario.Vaults.Single(vault => vault.Names.Any(name => name.Contains(id, StringComparison.Ordinal)));
        vault.Set(new KeyVaultSecret("retired", "value"));
        _scenario.Change(id, row => row with { RetiredSecret = "retired" });
        var visitAt = _scenario.Connection(id).DueAt;
        var entry = Note(id);

        Visit(id, entry);

        Assert.DoesNotContain("retired", vault.Names);
        Assert.Equal((null, visitAt), (_scenario.Connection(id).RetiredSecret, _scenario.Connection(id).DueAt));
        Assert.Equal([visitAt!.Value], _scenario.DueTimes(id));
    }

    [Fact]
    public void While_a_connection_is_claimed_its_retired_secret_stays()
    {
        var id = _scenario.Connect();
        _scenario.Change(id, row => row with { RetiredSecret = "retired" });
        Leave(id, acts: false, "set");
        var entry = Note(id);

        Visit(id, entry);

        Assert.Equal("retired", _scenario.Connection(id).RetiredSecret);
        Assert.DoesNotContain("delete", _scenario.Script.Calls);
    }

    [Fact]
    public void A_users_id_is_sealed_anew_once_the_key_was_replaced()
    {
        var id = _scenario.Connect();
        var key = _scenario.Vaults[0].Set(new KeyVaultSecret(DataKeys.SecretName, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        _scenario.Pass(TimeSpan.FromHours(1));
        var visitAt = _scenario.Connection(id).DueAt;
        var entry = Note(id);

        Visit(id, entry);

        var connection = _scenario.Connection(id);
        Assert.Equal((key.Id, visitAt), (connection.UserId!.KeyId, connection.DueAt));
        Assert.Equal("user-1", _scenario.Do((UserIds ids) => ids.DecryptAsync(connection, CancellationToken.None)));
    }

    [Fact]
    public void Where_nothing_changes_nothing_is_written()
    {
        var id = _scenario.Connect();
        _scenario.Change(id, row => row with { Status = ConnectionStatus.NeedsReconsent, DueAt = null, NextRotationAt = null });
        var entry = Note(id);
        _scenario.Script.Forget();

        Visit(id, entry);

        Assert.Equal(["connections.query", "connections.query", "agenda.delete"], _scenario.Script.Calls);
    }

    [Fact]
    public void A_visit_that_a_row_names_and_that_is_past_is_noted_anew()
    {
        var id = _scenario.Connect();
        _scenario.Change(id, row => row with { DueAt = _scenario.Now });
        _scenario.Pass(TimeSpan.FromMinutes(1));
        var entry = Note(id, _scenario.Now.AddDays(-1));

        Visit(id, entry);

        Assert.Equal(_scenario.Connection(id).NextRotationAt, _scenario.Connection(id).DueAt);
    }

    [Fact]
    public void A_due_connection_without_a_pair_is_left()
    {
        var id = Due();
        _scenario.Change(id, row => row with { SecretId = null });

        Visit(id, _scenario.Connection(id).DueAt!.Value);

        Assert.Equal(1, _scenario.Connection(id).Generation);
        Assert.InRange(_scenario.Connection(id).DueAt!.Value - _scenario.Now, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void An_entry_stays_where_a_store_fails()
    {
        var id = _scenario.Connect();
        var at = Note(id);
        _scenario.Script.On("connections.query", ScriptedFault.Fails());

        Assert.Throws<StorageException>(() => Visit(id, at));

        Assert.Equal(2, _scenario.DueTimes(id).Count);
    }

    /// <summary>A visit that begins now looks at that very moment: to read takes 10 ms.</summary>
    private void PassToJustBefore(DateTimeOffset at) => _scenario.Pass(at - _scenario.Now - TimeSpan.FromMilliseconds(10));

    private string Due()
    {
        var id = _scenario.Connect();
        var (first, due) = (_scenario.Connection(id).DueAt!.Value, _scenario.Connection(id).NextRotationAt!.Value);
        _scenario.Pass(first - _scenario.Now);
        Visit(id, first);
        Assert.Equal([due], _scenario.DueTimes(id));
        _scenario.Pass(due - _scenario.Now);
        return id;
    }

    /// <summary>Another process begins a refresh and ends at a call; the end of its lease.</summary>
    private DateTimeOffset Leave(string id, bool acts, string operation)
    {
        var other = _scenario.OtherProcess();
        other.Script.On(operation, ScriptedFault.Kills(acts));
        _ = other.BeginRefresh(id);
        _scenario.Pass(TimeSpan.FromSeconds(1));
        return _scenario.Snapshot(id).Lease!.ExpiresAt;
    }

    /// <summary>Adds an entry for now, or for another time.</summary>
    private DateTimeOffset Note(string id, DateTimeOffset? when = null)
    {
        var at = when ?? _scenario.Now;
        _scenario.Do((RotationSchedule schedule) => schedule.AddAsync(new DueEntry(id, at, null), CancellationToken.None));
        return at;
    }

    private void Visit(string id, DateTimeOffset at) => _scenario.Do((ConnectionReconciler reconciler) => reconciler.ReconcileAsync(new DueEntry(id, at, null)));

    private DateTimeOffset? Deadline(string id) => (DateTimeOffset?)_scenario.Rows("agenda").Single(row => row.RowKey.EndsWith(id, StringComparison.Ordinal)).Values["Deadline"];
}
