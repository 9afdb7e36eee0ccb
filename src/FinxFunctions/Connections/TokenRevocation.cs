using System.Text.Json;
using FinxFunctions.Auditing;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>
/// Revokes a deleted connection's token at finX: best effort with a limit. A token that finX does not revoke is recorded, and the deletion
/// goes on. Its secret is deleted, so nobody can use it.
/// </summary>
public sealed partial class TokenRevocation(TokenVault vault, TokenRevoker revoker, AuditTrail audit, RotationPolicy policy, ILogger<TokenRevocation> logger)
{
    /// <summary>How often and how long finX is asked while the reason may pass.</summary>
    private const int Tries = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    /// <summary>Revokes the newest token of a connection. Does nothing if it has none.</summary>
    /// <param name="isResumed">Whether an earlier attempt was interrupted. It may have revoked the token and deleted its secret.</param>
    /// <exception cref="FinxException">finX did not revoke the token for a reason that may pass, and is to be asked again.</exception>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    public async Task RevokeAsync(ConnectionSnapshot snapshot, bool isResumed)
    {
        if (!revoker.IsEnabled || (isResumed && await HasDeletedSecretsAsync(snapshot.Connection)))
        {
            return;
        }

        var (pair, isLost) = await FindAsync(snapshot);
        if (pair is not null)
        {
            await RevokeAsync(snapshot, pair);
        }
        else if (isLost)
        {
            revoker.CountLost();
            await RecordAsync(snapshot, "its secret is missing");
        }
    }

    private async Task RevokeAsync(ConnectionSnapshot snapshot, TokenPair pair)
    {
        var lease = snapshot.Lease!;
        var isLast = lease.Failures + 1 >= Tries || policy.Now - lease.StartedAt >= Limit;
        var result = await revoker.TryAsync(pair.RefreshToken ?? pair.AccessToken, isLast);
        if (result.IsDone)
        {
            return;
        }

        if (result.IsPassing && !isLast)
        {
            throw new FinxException(FinxFailure.Unavailable, result.Status, retryAfter: result.RetryAfter);
        }

        await RecordAsync(snapshot, result.Why);
    }

    /// <summary>
    /// Whether an interrupted attempt deleted the secrets. Before that, it revoked the token or recorded that it could not. A search would
    /// recover them, because it takes a missing secret for an accident.
    /// </summary>
    private async Task<bool> HasDeletedSecretsAsync(Connection connection) =>
        !await vault.ExistsAsync(connection.Vault, TokenVault.NameOf(connection.Id, connection.Generation), CancellationToken.None);

    /// <summary>The newest pair in the vault, or whether the row names one that is not there or cannot be read.</summary>
    private async Task<(TokenPair? Pair, bool IsLost)> FindAsync(ConnectionSnapshot snapshot)
    {
        var connection = snapshot.Connection;
        try
        {
            if (connection.SecretId is null)
            {
                // An answer may have reached the vault and not the row.
                return (await vault.FindAsync(connection.Vault, connection.Id, connection.Generation + 1, CancellationToken.None) is var (pair, _) ? pair : null, false);
            }

            var found = await vault.LatestAsync(snapshot.KnownPair, CancellationToken.None);
            return (found?.Pair, found is null);
        }
        catch (VaultException exception) when (exception.IsNotFound || exception.InnerException is InvalidDataException or JsonException)
        {
            return (null, true);
        }
    }

    private Task RecordAsync(ConnectionSnapshot snapshot, string why)
    {
        LogNotRevoked(snapshot.Connection.Id, why);
        return audit.ChangedAsync(snapshot.Lease!.Actor, snapshot.Connection.Id, AuditEvent.Deletion, snapshot.Connection.Generation, "not_revoked");
    }

    [LoggerMessage(41, LogLevel.Warning, "Connection {ConnectionId} is deleted, but its token was not revoked at finX ({Why}).")]
    private partial void LogNotRevoked(string connectionId, string why);
}
