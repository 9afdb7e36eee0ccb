using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>
/// Deletes a connection when its caller asks for it. A deletion leases the connection as a rotation does, so the two never run at once.
/// The timer finishes a deletion that was interrupted: see <see cref="DeletionSteps.ResumeAsync"/>.
/// </summary>
public sealed class ConnectionDeletion(ConnectionStore store, TokenCache cache, RotationProtocol rotation, DeletionLease leases, DeletionSteps steps)
{
    /// <summary>Deletes a connection, or continues an interrupted deletion. Repeatable.</summary>
    /// <exception cref="Finx.FinxException">finX did not revoke the token. The remaining steps are tried again later.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer. The remaining steps are tried again later.</exception>
    /// <exception cref="StorageException">Table Storage did not answer. The remaining steps are tried again later.</exception>
    public async Task<DeletionOutcome> DeleteAsync(string callerId, string id)
    {
        var snapshot = await store.ReadAsync(id, CancellationToken.None);
        cache.Remove(id);
        return snapshot switch
        {
            null => DeletionOutcome.Unknown,
            _ when snapshot.Connection.CallerId != callerId => DeletionOutcome.Unknown,
            { Connection.Status: ConnectionStatus.Deleted } => await steps.ResumeAsync(snapshot),
            _ when leases.IsUnexpired(snapshot) => DeletionOutcome.Busy,
            { Lease: not null } => await FinishRotationFirstAsync(snapshot),
            _ => await BeginAsync(snapshot),
        };
    }

    private async Task<DeletionOutcome> FinishRotationFirstAsync(ConnectionSnapshot snapshot)
    {
        await rotation.RecoverAsync(snapshot);
        return await store.ReadAsync(snapshot.Connection.Id, CancellationToken.None) is { Lease: null } settled
            ? await BeginAsync(settled)
            : DeletionOutcome.Busy;
    }

    private async Task<DeletionOutcome> BeginAsync(ConnectionSnapshot snapshot) =>
        await leases.AcquireAsync(snapshot) is { } leased ? await steps.RunAsync(leased) : DeletionOutcome.Busy;
}
