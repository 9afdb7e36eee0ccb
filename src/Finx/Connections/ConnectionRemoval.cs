using Finx.Api;
using Finx.Audit;
using Finx.Tokens;
using Microsoft.Extensions.Logging;

namespace Finx.Connections;

/// <summary>
/// Deletes a connection: finX first, while there is a token to say so with, then the secrets, then the rows. It claims the connection as a
/// rotation does, so that neither comes between the other's steps, and a deletion that was interrupted is finished by the timer.
/// What remains for a while is a row that says only that the connection is gone, so that a repeated call is answered as the first.
/// </summary>
internal sealed partial class ConnectionRemoval(
    ConnectionStore store,
    Agenda agenda,
    Claims claims,
    TokenVault vault,
    PairReader pairs,
    RotationProtocol rotation,
    FinxClient finx,
    TokenCache cache,
    AuditTrail audit,
    Pace pace,
    ILogger<ConnectionRemoval> logger)
{
    private static readonly TimeSpan TombstoneLife = TimeSpan.FromDays(30);

    /// <summary>Deletes a connection, or goes on with it. Repeatable.</summary>
    /// <exception cref="FinxException">finX did not revoke the token; what is left is tried again.</exception>
    /// <exception cref="VaultException">Key Vault did not answer; what is left is tried again.</exception>
    /// <exception cref="StorageException">Table Storage did not answer; what is left is tried again.</exception>
    public async Task<RemovalOutcome> RemoveAsync(string owner, string id)
    {
        var snapshot = await store.ReadAsync(id, CancellationToken.None);
        cache.Remove(id);
        return snapshot switch
        {
            null => RemovalOutcome.Unknown,
            { Connection.Owner: var whose } when whose != owner => RemovalOutcome.Unknown,
            { Connection.Status: ConnectionStatus.Deleted } => await ResumeAsync(snapshot),
            { Claim: { } claim } when claim.LeaseUntil > pace.Now => RemovalOutcome.Busy,
            { Claim: not null } => await FinishRotationFirstAsync(snapshot),
            _ => await ClaimAsync(snapshot) is { } claimed ? await CarryOutAsync(claimed) : RemovalOutcome.Busy,
        };
    }

    /// <summary>Goes on with a connection that is marked as deleted.</summary>
    /// <exception cref="FinxException">finX did not revoke the token.</exception>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<RemovalOutcome> ResumeAsync(ConnectionSnapshot snapshot)
    {
        var now = pace.Now;
        switch (snapshot)
        {
            case { Claim: { } claim } when claim.IsHeld(now):
                return RemovalOutcome.Busy;
            case { Claim: { } claim }:
                return await claims.HoldAsync(claim with { Owner = Guid.NewGuid().ToString("N"), Actor = AuditTrail.SystemActor }) is { } held
                    ? await CarryOutAsync(snapshot with { Claim = held })
                    : RemovalOutcome.Busy;
            case { Connection.VisitAt: { } purgeAt } when purgeAt <= now:
                await store.TryRemoveAsync(snapshot, CancellationToken.None);
                return RemovalOutcome.Removed;
            default:
                return RemovalOutcome.Removed;
        }
    }

    private async Task<RemovalOutcome> FinishRotationFirstAsync(ConnectionSnapshot snapshot)
    {
        await rotation.RecoverAsync(snapshot);
        return await store.ReadAsync(snapshot.Connection.Id, CancellationToken.None) is { Claim: null } settled && await ClaimAsync(settled) is { } claimed
            ? await CarryOutAsync(claimed)
            : RemovalOutcome.Busy;
    }

    private async Task<ConnectionSnapshot?> ClaimAsync(ConnectionSnapshot snapshot)
    {
        var claim = new Claim
        {
            ConnectionId = snapshot.Connection.Id,
            Kind = ClaimKind.Deletion,
            FromGeneration = snapshot.Connection.Generation,
            AttemptId = Guid.NewGuid().ToString("N"),
            Owner = Guid.NewGuid().ToString("N"),
            Actor = snapshot.Connection.Owner,
            LeaseUntil = pace.LeaseUntil(),
            StartedAt = pace.Now,
        };
        var change = new ConnectionChange(snapshot.Connection with { Status = ConnectionStatus.Deleted, Reason = null, NextRotationAt = null }) { Claim = claim };
        if (await claims.TakeAsync(snapshot, change) is { } claimed)
        {
            await audit.ChangedAsync(claim.Actor, claim.ConnectionId, AuditEvent.Deletion, claim.FromGeneration, "begun");
            return claimed;
        }

        return null;
    }

    private async Task<RemovalOutcome> CarryOutAsync(ConnectionSnapshot snapshot)
    {
        try
        {
            await RevokeAsync(snapshot);
            await DeleteSecretsAsync(snapshot.Connection);
            return await DeleteRowsAsync(snapshot) ? RemovalOutcome.Removed : RemovalOutcome.Busy;
        }
        catch (Exception exception) when (exception is FinxException or VaultException)
        {
            // The claim rests, so that the next call, or the timer, goes on at once.
            await claims.RestAsync(snapshot.Claim!, pace.RetryAt(3, (exception as FinxException)?.RetryAfter));
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
        await store.ForgetUserAsync(snapshot.Connection, CancellationToken.None);
        var purgeAt = pace.Now + TombstoneLife;
        await agenda.AddAsync(new AgendaEntry(snapshot.Connection.Id, purgeAt, null), CancellationToken.None);
        var tombstone = new Connection
        {
            Id = snapshot.Connection.Id,
            Owner = snapshot.Connection.Owner,
            UserKey = "",
            Status = ConnectionStatus.Deleted,
            CreatedAt = snapshot.Connection.CreatedAt,
            Vault = snapshot.Connection.Vault,
            VisitAt = purgeAt,
            ETag = snapshot.Connection.ETag,
        };
        var change = new ConnectionChange(tombstone) { Release = snapshot.Claim, Forget = snapshot.Links, HadOverflow = snapshot.Connection.HasOverflow };
        if (await store.TryWriteAsync(change, CancellationToken.None) is null)
        {
            return await store.ReadAsync(tombstone.Id, CancellationToken.None) is null or { Claim: null };
        }

        Removed(tombstone.Id);
        await audit.ChangedAsync(snapshot.Claim?.Actor ?? AuditTrail.SystemActor, tombstone.Id, AuditEvent.Deletion, snapshot.Connection.Generation, "done");
        return true;
    }

    [LoggerMessage(40, LogLevel.Information, "Connection {ConnectionId} was deleted.")]
    private partial void Removed(string connectionId);

    [LoggerMessage(41, LogLevel.Information, "Connection {ConnectionId} is deleted though finX did not revoke its token ({Error}).")]
    private partial void NotRevoked(string connectionId, FinxError? error);
}
