using FinxFunctions.Auditing;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>
/// Deletes a connection: finX first, while there is a token to say so with, then the secrets, then the rows. It leases the connection as a
/// rotation does, so that neither comes between the other's steps, and a deletion that was interrupted is finished by the timer.
/// What remains for a while is a row that says only that the connection is gone, so that a repeated call is answered as the first.
/// </summary>
public sealed partial class ConnectionDeletion(
    ConnectionStore store,
    RotationSchedule schedule,
    Leases leases,
    TokenVault vault,
    TokenPairReader pairs,
    RotationProtocol rotation,
    FinxClient finx,
    TokenCache cache,
    AuditTrail audit,
    RotationPolicy policy,
    ILogger<ConnectionDeletion> logger)
{
    private static readonly TimeSpan TombstoneLife = TimeSpan.FromDays(30);

    /// <summary>Deletes a connection, or goes on with it. Repeatable.</summary>
    /// <exception cref="FinxException">finX did not revoke the token; what is left is tried again.</exception>
    /// <exception cref="VaultException">Key Vault did not answer; what is left is tried again.</exception>
    /// <exception cref="StorageException">Table Storage did not answer; what is left is tried again.</exception>
    public async Task<DeletionOutcome> DeleteAsync(string owner, string id)
    {
        var snapshot = await store.ReadAsync(id, CancellationToken.None);
        cache.Remove(id);
        return snapshot switch
        {
            null => DeletionOutcome.Unknown,
            { Connection.CallerId: var whose } when whose != owner => DeletionOutcome.Unknown,
            { Connection.Status: ConnectionStatus.Deleted } => await ResumeAsync(snapshot),
            { Lease: { } lease } when lease.ExpiresAt > policy.Now => DeletionOutcome.Busy,
            { Lease: not null } => await FinishRotationFirstAsync(snapshot),
            _ => await AcquireAsync(snapshot) is { } leased ? await CarryOutAsync(leased) : DeletionOutcome.Busy,
        };
    }

    /// <summary>Goes on with a connection that is marked as deleted.</summary>
    /// <exception cref="FinxException">finX did not revoke the token.</exception>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<DeletionOutcome> ResumeAsync(ConnectionSnapshot snapshot)
    {
        var now = policy.Now;
        switch (snapshot)
        {
            case { Lease: { } lease } when lease.IsHeld(now):
                return DeletionOutcome.Busy;
            case { Lease: { } lease }:
                return await leases.RenewAsync(lease with { Holder = Guid.NewGuid().ToString("N"), Actor = Actor.System }) is { } held
                    ? await CarryOutAsync(snapshot with { Lease = held })
                    : DeletionOutcome.Busy;
            case { Connection.DueAt: { } purgeAt } when purgeAt <= now:
                await store.TryDeleteAsync(snapshot, CancellationToken.None);
                return DeletionOutcome.Deleted;
            default:
                return DeletionOutcome.Deleted;
        }
    }

    private async Task<DeletionOutcome> FinishRotationFirstAsync(ConnectionSnapshot snapshot)
    {
        await rotation.RecoverAsync(snapshot);
        return await store.ReadAsync(snapshot.Connection.Id, CancellationToken.None) is { Lease: null } settled && await AcquireAsync(settled) is { } leased
            ? await CarryOutAsync(leased)
            : DeletionOutcome.Busy;
    }

    private async Task<ConnectionSnapshot?> AcquireAsync(ConnectionSnapshot snapshot)
    {
        var lease = new Lease
        {
            ConnectionId = snapshot.Connection.Id,
            Kind = LeaseKind.Deletion,
            FromGeneration = snapshot.Connection.Generation,
            AttemptId = Guid.NewGuid().ToString("N"),
            Holder = Guid.NewGuid().ToString("N"),
            Actor = snapshot.Connection.CallerId,
            ExpiresAt = policy.LeaseExpiry(),
            StartedAt = policy.Now,
        };
        var change = new ConnectionChange(snapshot.Connection with { Status = ConnectionStatus.Deleted, Reason = null, NextRotationAt = null }) { Acquire = lease };
        if (await leases.AcquireAsync(snapshot, change) is { } leased)
        {
            await audit.ChangedAsync(lease.Actor, lease.ConnectionId, AuditEvent.Deletion, lease.FromGeneration, "begun");
            return leased;
        }

        return null;
    }

    private async Task<DeletionOutcome> CarryOutAsync(ConnectionSnapshot snapshot)
    {
        try
        {
            await RevokeAsync(snapshot);
            await DeleteSecretsAsync(snapshot.Connection);
            return await DeleteRowsAsync(snapshot) ? DeletionOutcome.Deleted : DeletionOutcome.Busy;
        }
        catch (Exception exception) when (exception is FinxException or VaultException)
        {
            // The lease rests, so that the next call, or the timer, goes on at once.
            await leases.SuspendAsync(snapshot.Lease!, policy.RetryAt(3, (exception as FinxException)?.RetryAfter));
            throw;
        }
    }

    private async Task RevokeAsync(ConnectionSnapshot snapshot)
    {
        try
        {
            if (await pairs.CommittedAsync(snapshot, CancellationToken.None) is not { } pair)
            {
                return;
            }

            await finx.RevokeAsync(pair.RefreshToken ?? pair.AccessToken, CancellationToken.None);
        }
        catch (VaultException exception) when (exception.IsNotFound)
        {
            // An attempt that was interrupted deleted the secret, and had the token revoked before.
        }
        catch (FinxException exception) when (exception.Failure is FinxFailure.InvalidRequest)
        {
            // A token that finX finds no good is as good as revoked.
            NotRevoked(snapshot.Connection.Id, exception.Error);
        }
    }

    private async Task DeleteSecretsAsync(Connection connection)
    {
        if (connection.SecretId is not null)
        {
            await vault.DeleteAsync(connection.Vault, TokenVault.NameOf(connection.Id, connection.Generation), CancellationToken.None);
        }

        if (connection.RetiredSecret is { } retired)
        {
            await vault.DeleteAsync(connection.Vault, retired, CancellationToken.None);
        }
    }

    private async Task<bool> DeleteRowsAsync(ConnectionSnapshot snapshot)
    {
        await store.UnindexUserAsync(snapshot.Connection, CancellationToken.None);
        var purgeAt = policy.Now + TombstoneLife;
        await schedule.AddAsync(new DueEntry(snapshot.Connection.Id, purgeAt, null), CancellationToken.None);
        var tombstone = new Connection
        {
            Id = snapshot.Connection.Id,
            CallerId = snapshot.Connection.CallerId,
            UserKey = "",
            Status = ConnectionStatus.Deleted,
            CreatedAt = snapshot.Connection.CreatedAt,
            Vault = snapshot.Connection.Vault,
            DueAt = purgeAt,
            ETag = snapshot.Connection.ETag,
        };
        var change = new ConnectionChange(tombstone) { Release = snapshot.Lease, Delete = snapshot.Links, HadOverflow = snapshot.Connection.HasOverflow };
        if (await store.TryWriteAsync(change, CancellationToken.None) is null)
        {
            return await store.ReadAsync(tombstone.Id, CancellationToken.None) is null or { Lease: null };
        }

        Removed(tombstone.Id);
        await audit.ChangedAsync(snapshot.Lease?.Actor ?? Actor.System, tombstone.Id, AuditEvent.Deletion, snapshot.Connection.Generation, "done");
        return true;
    }

    [LoggerMessage(40, LogLevel.Information, "Connection {ConnectionId} was deleted.")]
    private partial void Removed(string connectionId);

    [LoggerMessage(41, LogLevel.Information, "Connection {ConnectionId} is deleted though finX did not revoke its token ({Error}).")]
    private partial void NotRevoked(string connectionId, FinxError? error);
}
