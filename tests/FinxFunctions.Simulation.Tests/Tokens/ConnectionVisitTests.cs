using System.Security.Cryptography;
using Azure.Security.KeyVault.Secrets;
using Finx.Api;
using Finx.Connections;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.Staging;

namespace FinxFunctions.Simulation.Tests.Tokens;

/// <summary>What the timer does with one connection, and where its agenda leads afterwards.</summary>
public sealed class ConnectionVisitTests
{
    private readonly Stage _stage = new();

    [Fact]
    public void An_entry_for_a_connection_that_is_gone_is_dropped()
    {
        Visit(Pairs.Id, Note(Pairs.Id));

        Assert.Empty(_stage.Agenda(Pairs.Id));
    }

    [Fact]
    public void A_connection_that_is_not_due_is_noted_for_when_it_is()
    {
        var id = _stage.Connect();
        var visitAt = _stage.Connection(id).VisitAt!.Value;
        _stage.Pass(visitAt - _stage.Now);

        Visit(id, visitAt);

        var connection = _stage.Connection(id);
        Assert.Equal(1, connection.Generation);
        Assert.NotNull(connection.UserId);
        Assert.Equal(connection.NextRotationAt, connection.VisitAt);
        Assert.Equal([connection.NextRotationAt!.Value], _stage.Agenda(id));
        Assert.Equal(connection.RefreshExpiresAt, Deadline(id));
    }

    [Fact]
    public void A_connection_that_is_due_is_refreshed_and_served_from_memory_then()
    {
        var id = Due();

        Visit(id, _stage.Connection(id).VisitAt!.Value);
        _stage.Settle();

        var connection = _stage.Connection(id);
        Assert.Equal(2, connection.Generation);
        Assert.Equal([connection.NextRotationAt!.Value], _stage.Agenda(id));
        Assert.Equal(connection.NextRotationAt, connection.VisitAt);
        Assert.Contains("system rotation 2 done", _stage.Records);
        _stage.Script.Forget();
        Assert.Equal(AccessSource.Warm, Assert.IsType<AccessResult.Granted>(_stage.GetToken(id)).Source);
        Assert.Empty(_stage.Script.Calls);
    }

    [Fact]
    public void A_connection_that_failed_lately_is_left_until_it_may_be_tried_again()
    {
        var id = Due();
        var retryAt = _stage.Now.AddMinutes(3);
        _stage.Change(id, row => row with { RetryAt = retryAt, Failures = 1 });

        Visit(id, _stage.Connection(id).VisitAt!.Value);

        Assert.Equal((1, retryAt), (_stage.Connection(id).Generation, _stage.Connection(id).VisitAt));
        Assert.Equal([retryAt], _stage.Agenda(id));
    }

    [Fact]
    public void A_connection_may_be_tried_again_at_the_very_moment()
    {
        var id = Due();
        var retryAt = _stage.Now.AddSeconds(1);
        _stage.Change(id, row => row with { RetryAt = retryAt, Failures = 1 });
        PassToJustBefore(retryAt);

        Visit(id, _stage.Connection(id).VisitAt!.Value);

        Assert.Equal(2, _stage.Connection(id).Generation);
    }

    [Fact]
    public void A_connection_is_due_at_the_very_moment()
    {
        var id = _stage.Connect();
        PassToJustBefore(_stage.Connection(id).NextRotationAt!.Value);

        Visit(id, _stage.Connection(id).VisitAt!.Value);

        Assert.Equal(2, _stage.Connection(id).Generation);
    }

    [Fact]
    public void While_finX_is_left_alone_an_entry_that_needs_it_keeps_its_place()
    {
        var id = Due();
        var entry = _stage.Connection(id).VisitAt!.Value;
        _stage.Get<FinxRest>().Begin();

        Visit(id, entry);
        Assert.Equal([entry], _stage.Agenda(id));
        Assert.Equal(1, _stage.Connection(id).Generation);

        _stage.Pass(TimeSpan.FromSeconds(10));
        Visit(id, entry);
        Assert.Equal(2, _stage.Connection(id).Generation);
    }

    [Fact]
    public void A_connection_that_needs_its_user_is_left_and_not_noted_again()
    {
        var id = Due();
        var visitAt = _stage.Connection(id).VisitAt!.Value;
        _stage.Change(id, row => row with { Status = ConnectionStatus.NeedsReconsent, NextRotationAt = null });

        Visit(id, visitAt);

        Assert.Equal(1, _stage.Connection(id).Generation);
        Assert.Null(_stage.Connection(id).VisitAt);
        Assert.Empty(_stage.Agenda(id));
    }

    [Fact]
    public void A_rotation_that_finX_refuses_ends_it()
    {
        var id = Due();
        _stage.Script.On("token", Mishap.Refuses());

        Visit(id, _stage.Connection(id).VisitAt!.Value);
        _stage.Settle();

        Assert.Equal(ConnectionStatus.NeedsReconsent, _stage.Connection(id).Status);
        Assert.Empty(_stage.Agenda(id));
    }

    [Fact]
    public void An_entry_that_is_not_the_connections_own_is_dropped_and_the_other_stays()
    {
        var id = _stage.Connect();
        var visitAt = _stage.Connection(id).VisitAt;
        var entry = Note(id);
        _stage.Script.Forget();

        Visit(id, entry);

        Assert.Equal(visitAt, _stage.Connection(id).VisitAt);
        Assert.Equal([visitAt!.Value], _stage.Agenda(id));
        Assert.DoesNotContain("connections.submit", _stage.Script.Calls);
    }

    [Fact]
    public void A_lease_that_is_not_over_is_waited_for()
    {
        var id = _stage.Connect();
        var lease = Leave(id, acts: false, "set");
        var entry = Note(id);

        Visit(id, entry);

        Assert.NotNull(_stage.Snapshot(id).Claim);
        Assert.Contains(lease, _stage.Agenda(id));
        Assert.DoesNotContain(entry, _stage.Agenda(id));
        Assert.DoesNotContain("connections.update", _stage.Script.Calls);
    }

    [Fact]
    public void A_claim_whose_lease_is_over_is_finished()
    {
        var id = _stage.Connect();
        var lease = Leave(id, acts: false, "set");
        PassToJustBefore(lease);

        Visit(id, lease);
        _stage.Settle();

        Assert.Equal(2, _stage.Connection(id).Generation);
        Assert.Equal([_stage.Connection(id).VisitAt!.Value], _stage.Agenda(id));
        _stage.Script.Forget();
        Assert.Equal(AccessSource.Warm, Assert.IsType<AccessResult.Granted>(_stage.GetToken(id)).Source);
    }

    [Fact]
    public void A_claim_that_stays_is_noted_for_the_end_of_its_lease()
    {
        var id = _stage.Connect();
        var lease = Leave(id, acts: false, "set");
        _stage.Pass(lease - _stage.Now);
        _stage.Script.On("set", Mishap.Fails());

        Visit(id, lease);

        var claim = _stage.Snapshot(id).Claim!;
        Assert.True(claim.LeaseUntil > lease);
        Assert.Contains(claim.LeaseUntil, _stage.Agenda(id));
        Assert.DoesNotContain(lease, _stage.Agenda(id));
    }

    [Fact]
    public void A_claim_whose_lease_is_past_is_noted_for_the_next_second()
    {
        var id = _stage.Connect();
        var lease = Leave(id, acts: false, "set");
        _stage.Pass(lease - _stage.Now);
        _stage.Script.On("connections.update", Mishap.Fails(412));

        Visit(id, lease);

        var noted = _stage.Agenda(id).Where(at => at > lease).Min();
        Assert.InRange(noted - _stage.Now, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void An_unfinished_connection_is_kept_for_a_day_behind_its_link_and_then_removed()
    {
        var link = _stage.CreateLink();
        var id = link.ConnectionId;
        var visitAt = _stage.Connection(id).VisitAt!.Value;
        Assert.Equal(link.ExpiresAt.AddDays(1), visitAt);
        _stage.Pass(visitAt - _stage.Now - TimeSpan.FromSeconds(10));
        Visit(id, Note(id));
        Assert.NotNull(_stage.Find(id));

        PassToJustBefore(visitAt);
        Visit(id, visitAt);

        Assert.Null(_stage.Find(id));
        Assert.Empty(_stage.Agenda(id));
        Assert.DoesNotContain(_stage.Rows("users"), row => row.RowKey == id);
        Assert.Contains("system deletion 0 expired", _stage.Records);
    }

    [Fact]
    public void An_unfinished_connection_with_another_link_is_kept_for_that()
    {
        var link = _stage.CreateLink();
        var id = link.ConnectionId;
        _stage.Pass(TimeSpan.FromHours(2));
        var second = _stage.CreateLink(id);
        var visitAt = _stage.Connection(id).VisitAt!.Value;
        _stage.Pass(visitAt - _stage.Now);

        Visit(id, visitAt);

        Assert.Equal(second.ExpiresAt.AddDays(1), _stage.Connection(id).VisitAt);
        Assert.Equal([second.ExpiresAt.AddDays(1)], _stage.Agenda(id));
    }

    [Fact]
    public void An_unfinished_connection_that_moves_is_not_removed()
    {
        var link = _stage.CreateLink();
        var visitAt = _stage.Connection(link.ConnectionId).VisitAt!.Value;
        _stage.Pass(visitAt - _stage.Now);
        _stage.Script.On("connections.submit", Mishap.After(() => _stage.Twin().Change(link.ConnectionId, row => row with { Failures = 1 })));

        Visit(link.ConnectionId, visitAt);

        Assert.NotNull(_stage.Find(link.ConnectionId));
        Assert.Contains(_stage.Rows("users"), row => row.RowKey == link.ConnectionId);
        Assert.DoesNotContain("system deletion 0 expired", _stage.Records);
        Assert.InRange(Assert.Single(_stage.Agenda(link.ConnectionId)) - _stage.Now, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_deletion_that_was_left_is_finished()
    {
        var id = _stage.Connect();
        var twin = _stage.Twin();
        twin.Script.On("revoke", Mishap.Kills(acts: false));
        _ = twin.Begin((ConnectionRemoval removal) => removal.RemoveAsync("function-key", id));
        _stage.Pass(TimeSpan.FromSeconds(1));
        var lease = _stage.Snapshot(id).Claim!.LeaseUntil;
        Assert.Contains(lease, _stage.Agenda(id));
        _stage.Pass(lease - _stage.Now);

        Visit(id, lease);

        var tombstone = _stage.Connection(id);
        Assert.Equal((ConnectionStatus.Deleted, null), (tombstone.Status, tombstone.UserId));
        Assert.Null(_stage.Snapshot(id).Claim);
        Assert.Contains(tombstone.VisitAt!.Value, _stage.Agenda(id));
        Visit(id, tombstone.VisitAt!.Value.AddDays(-1));
        Assert.Equal(tombstone.VisitAt, _stage.Connection(id).VisitAt);
        _stage.Pass(TimeSpan.FromDays(30));
        Visit(id, tombstone.VisitAt!.Value);
        Assert.Null(_stage.Find(id));
    }

    [Fact]
    public void A_tombstone_that_is_noted_too_early_keeps_its_day()
    {
        var id = _stage.Connect();
        _stage.Do((ConnectionRemoval removal) => removal.RemoveAsync("function-key", id));
        var purgeAt = _stage.Connection(id).VisitAt!.Value;
        _stage.Do((ConnectionVisit visit) => visit.VisitAsync(new AgendaEntry(id, purgeAt.AddDays(1), null)));

        Assert.Equal(purgeAt, _stage.Connection(id).VisitAt);
        Assert.Contains(purgeAt, _stage.Agenda(id));
    }

    [Fact]
    public void A_retired_secret_is_deleted_and_forgotten()
    {
        var id = _stage.Connect();
        var vault = _stage.Vaults.Single(shelf => shelf.Names.Any(name => name.Contains(id, StringComparison.Ordinal)));
        vault.Set(new KeyVaultSecret("retired", "value"));
        _stage.Change(id, row => row with { RetiredSecret = "retired" });
        var visitAt = _stage.Connection(id).VisitAt;
        var entry = Note(id);

        Visit(id, entry);

        Assert.DoesNotContain("retired", vault.Names);
        Assert.Equal((null, visitAt), (_stage.Connection(id).RetiredSecret, _stage.Connection(id).VisitAt));
        Assert.Equal([visitAt!.Value], _stage.Agenda(id));
    }

    [Fact]
    public void While_a_connection_is_claimed_its_retired_secret_stays()
    {
        var id = _stage.Connect();
        _stage.Change(id, row => row with { RetiredSecret = "retired" });
        Leave(id, acts: false, "set");
        var entry = Note(id);

        Visit(id, entry);

        Assert.Equal("retired", _stage.Connection(id).RetiredSecret);
        Assert.DoesNotContain("delete", _stage.Script.Calls);
    }

    [Fact]
    public void A_users_id_is_sealed_anew_once_the_key_was_replaced()
    {
        var id = _stage.Connect();
        var key = _stage.Vaults[0].Set(new KeyVaultSecret(Sealer.SecretName, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        _stage.Pass(TimeSpan.FromHours(1));
        var visitAt = _stage.Connection(id).VisitAt;
        var entry = Note(id);

        Visit(id, entry);

        var connection = _stage.Connection(id);
        Assert.Equal((key.Id, visitAt), (connection.UserId!.KeyId, connection.VisitAt));
        Assert.Equal("user-1", _stage.Do((UserIds ids) => ids.OpenAsync(connection, CancellationToken.None)));
    }

    [Fact]
    public void Where_nothing_changes_nothing_is_written()
    {
        var id = _stage.Connect();
        _stage.Change(id, row => row with { Status = ConnectionStatus.NeedsReconsent, VisitAt = null, NextRotationAt = null });
        var entry = Note(id);
        _stage.Script.Forget();

        Visit(id, entry);

        Assert.Equal(["connections.query", "connections.query", "agenda.delete"], _stage.Script.Calls);
    }

    [Fact]
    public void A_visit_that_a_row_names_and_that_is_past_is_noted_anew()
    {
        var id = _stage.Connect();
        _stage.Change(id, row => row with { VisitAt = _stage.Now });
        _stage.Pass(TimeSpan.FromMinutes(1));
        var entry = Note(id, _stage.Now.AddDays(-1));

        Visit(id, entry);

        Assert.Equal(_stage.Connection(id).NextRotationAt, _stage.Connection(id).VisitAt);
    }

    [Fact]
    public void A_due_connection_without_a_pair_is_left()
    {
        var id = Due();
        _stage.Change(id, row => row with { SecretId = null });

        Visit(id, _stage.Connection(id).VisitAt!.Value);

        Assert.Equal(1, _stage.Connection(id).Generation);
        Assert.InRange(_stage.Connection(id).VisitAt!.Value - _stage.Now, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void An_entry_stays_where_a_store_fails()
    {
        var id = _stage.Connect();
        var at = Note(id);
        _stage.Script.On("connections.query", Mishap.Fails());

        Assert.Throws<StorageException>(() => Visit(id, at));

        Assert.Equal(2, _stage.Agenda(id).Count);
    }

    /// <summary>A visit that begins now looks at that very moment: to read takes 10 ms.</summary>
    private void PassToJustBefore(DateTimeOffset at) => _stage.Pass(at - _stage.Now - TimeSpan.FromMilliseconds(10));

    private string Due()
    {
        var id = _stage.Connect();
        var (first, due) = (_stage.Connection(id).VisitAt!.Value, _stage.Connection(id).NextRotationAt!.Value);
        _stage.Pass(first - _stage.Now);
        Visit(id, first);
        Assert.Equal([due], _stage.Agenda(id));
        _stage.Pass(due - _stage.Now);
        return id;
    }

    /// <summary>Another process begins a refresh and ends at a call; the end of its lease.</summary>
    private DateTimeOffset Leave(string id, bool acts, string operation)
    {
        var twin = _stage.Twin();
        twin.Script.On(operation, Mishap.Kills(acts));
        _ = twin.BeginRefresh(id);
        _stage.Pass(TimeSpan.FromSeconds(1));
        return _stage.Snapshot(id).Claim!.LeaseUntil;
    }

    /// <summary>Adds an entry for now, or for another time.</summary>
    private DateTimeOffset Note(string id, DateTimeOffset? when = null)
    {
        var at = when ?? _stage.Now;
        _stage.Do((Agenda agenda) => agenda.AddAsync(new AgendaEntry(id, at, null), CancellationToken.None));
        return at;
    }

    private void Visit(string id, DateTimeOffset at) => _stage.Do((ConnectionVisit visit) => visit.VisitAsync(new AgendaEntry(id, at, null)));

    private DateTimeOffset? Deadline(string id) => (DateTimeOffset?)_stage.Rows("agenda").Single(row => row.RowKey.EndsWith(id, StringComparison.Ordinal)).Values["Deadline"];
}
