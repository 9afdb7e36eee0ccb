using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>A connection as callers see it. Its row may be behind: tokens that are persisted count, and tokens whose life is over do not.</summary>
public sealed class ShownConnection(TokenPairReader pairs, RotationPolicy policy)
{
    /// <summary>The connection with the tokens that are persisted and not committed yet.</summary>
    /// <exception cref="VaultException">Key Vault did not give the data key.</exception>
    public async Task<Connection> OfAsync(ConnectionSnapshot snapshot, CancellationToken cancellationToken)
    {
        var connection = snapshot.Connection;
        return snapshot.Lease is { Answer: not null } lease && connection.Status is not ConnectionStatus.Deleted && await pairs.CurrentAsync(snapshot, cancellationToken) is { } pair
            ? connection with
            {
                Status = ConnectionStatus.Active,
                Reason = null,
                Generation = pair.Generation,
                RefreshedAt = pair.ObtainedAt,
                RefreshExpiresAt = pair.RefreshToken is null ? null : pair.RefreshExpiresAt,
                NextRotationAt = policy.NextRotation(pair),
                ConsentExpiresAt = lease.Kind is LeaseKind.Exchange ? policy.ConsentExpiry(pair.ObtainedAt) : connection.ConsentExpiresAt,
                Scope = pair.Scope,
            }
            : Of(connection);
    }

    /// <summary>The connection by its row alone: it is not active past the life of its refresh token, also if the timer has not come to it yet.</summary>
    public Connection Of(Connection connection) => connection.Status is ConnectionStatus.Active && policy.IsOver(connection)
        ? connection with { Status = ConnectionStatus.NeedsReconsent, Reason = ReconsentReason.Expired, NextRotationAt = null }
        : connection;
}
