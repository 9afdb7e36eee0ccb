using FinxFunctions.Connections;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>Chooses what a due connection needs: nothing, to finish a deletion or rotation, a new rotation, or its deletion.</summary>
public sealed class DueActions(DueRotation rotation, DeletionSteps deletion, AbandonedConnections abandoned, RotationPolicy policy)
{
    /// <summary>Whether the connection needs only finX, and finX's circuit is open.</summary>
    public bool MustWait(ConnectionSnapshot snapshot) => snapshot.Lease is null && rotation.IsCircuitOpen && rotation.IsDue(snapshot.Connection);

    /// <summary>Does it. False where finX did not refresh the token.</summary>
    /// <exception cref="Finx.FinxException">A deletion could not revoke the token at finX.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer.</exception>
    public async Task<bool> RunAsync(ConnectionSnapshot snapshot) => snapshot switch
    {
        { Lease: { } lease } when lease.ExpiresAt > policy.Now => true,
        { Connection.Status: ConnectionStatus.Deleted } => await deletion.ResumeAsync(snapshot) is DeletionOutcome.Deleted or DeletionOutcome.Busy,
        { Lease: not null } => await rotation.RecoverAsync(snapshot),
        { Connection.Status: ConnectionStatus.Pending } => await abandoned.TryDeleteAsync(snapshot),
        _ when rotation.IsDue(snapshot.Connection) => await rotation.RefreshAsync(snapshot),
        _ => true,
    };
}
