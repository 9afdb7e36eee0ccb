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

    /// <summary>Whether the refresh token is due for replacement and no backoff is running, or the life of the tokens is over.</summary>
    public bool IsDue(Connection connection) =>
        connection.Status is ConnectionStatus.Active && (IsOver(connection) || (connection.NextRotationAt <= policy.Now && !(connection.RetryAt > policy.Now)));

    /// <summary>Replaces the token pair. False where finX did not do it.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer.</exception>
    public async Task<bool> RefreshAsync(ConnectionSnapshot snapshot) => await FinishAsync(snapshot.Connection, await rotation.RefreshAsync(snapshot, Actor.System));

    /// <summary>Resumes a rotation whose lease has expired. False where finX did not do it.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer.</exception>
    public async Task<bool> RecoverAsync(ConnectionSnapshot snapshot) => await FinishAsync(snapshot.Connection, await rotation.RecoverAsync(snapshot));

    private bool IsOver(Connection connection) =>
        policy.IsOver(connection) || (connection is { RefreshExpiresAt: null, NextRotationAt: null, AccessExpiresAt: { } end } && end <= policy.Now);

    /// <summary>Waits until the pair is committed, so that the row that is scheduled next is the new one.</summary>
    private async Task<bool> FinishAsync(Connection connection, RotationOutcome outcome)
    {
        switch (outcome)
        {
            case RotationOutcome.Rotated rotated:
                cache.Put(connection.CallerId, rotated.Pair);
                await rotated.Finished;
                return true;
            case RotationOutcome.Ambiguous or RotationOutcome.TryLater { Cause: not TryLaterCause.Busy }:
                return false;
            default:
                return true;
        }
    }
}
