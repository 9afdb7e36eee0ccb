using FinxFunctions.Connections;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>Chooses what a due connection needs: nothing, to finish a deletion or rotation, a new rotation, or its deletion.</summary>
public sealed class DueActions(DueRotation rotation, DeletionSteps deletion, AbandonedConnections abandoned, RotationPolicy policy)
{
    /// <summary>Whether the connection needs only finX, and finX's circuit is open.</summary>
    public bool MustWait(ConnectionSnapshot snapshot) => snapshot.Lease is null && rotation.IsCircuitOpen && rotation.IsDue(snapshot.Connection);

    /// <exception cref="Finx.FinxException">A deletion could not revoke the token at finX.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer.</exception>
    public Task RunAsync(ConnectionSnapshot snapshot) => snapshot switch
    {
        { Lease: { } lease } when lease.ExpiresAt > policy.Now => Task.CompletedTask,
        { Connection.Status: ConnectionStatus.Deleted } => deletion.ResumeAsync(snapshot),
        { Lease: not null } => rotation.RecoverAsync(snapshot),
        { Connection.Status: ConnectionStatus.Pending } => abandoned.DeleteAsync(snapshot),
        _ when rotation.IsDue(snapshot.Connection) => rotation.RefreshAsync(snapshot),
        _ => Task.CompletedTask,
    };
}
