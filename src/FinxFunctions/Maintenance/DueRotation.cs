using FinxFunctions.Finx;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>The rotations that the timer runs. A new pair goes into the cache, as after a rotation for a caller.</summary>
public sealed class DueRotation(RotationProtocol rotation, FinxTokenClient finx, TokenCache cache, RotationPolicy policy)
{
    /// <summary>Whether finX is not called at present, because it failed too often.</summary>
    public bool IsCircuitOpen => finx.IsCircuitOpen;

    /// <summary>Whether the refresh token is due for replacement and no backoff is running.</summary>
    public bool IsDue(Connection connection) =>
        connection.Status is ConnectionStatus.Active && connection.NextRotationAt <= policy.Now && !(connection.RetryAt > policy.Now);

    /// <summary>Replaces the token pair. Does nothing if the connection has none.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer.</exception>
    public async Task RefreshAsync(ConnectionSnapshot snapshot)
    {
        Cache(snapshot.Connection, await rotation.RefreshAsync(snapshot, Actor.System));
    }

    /// <summary>Resumes a rotation whose lease has expired.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer.</exception>
    public async Task RecoverAsync(ConnectionSnapshot snapshot) => Cache(snapshot.Connection, await rotation.RecoverAsync(snapshot));

    private void Cache(Connection connection, RotationOutcome outcome)
    {
        if (outcome is RotationOutcome.Rotated { Pair: var pair })
        {
            cache.Put(connection.CallerId, pair);
        }
    }
}
