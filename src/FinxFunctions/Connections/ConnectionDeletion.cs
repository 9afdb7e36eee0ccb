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
        return snapshot is null || snapshot.Connection.CallerId != callerId ? DeletionOutcome.Unknown
            : await TryAsync(snapshot) ?? await FinishRotationFirstAsync(snapshot);
    }

    /// <summary>
    /// Continues or begins the deletion. A refresh that pauses without an answer does not hold it up. Null where a rotation was left unfinished
    /// that may have brought tokens.
    /// </summary>
    private async Task<DeletionOutcome?> TryAsync(ConnectionSnapshot snapshot) => snapshot switch
    {
        { Connection.Status: ConnectionStatus.Deleted } => await steps.ResumeAsync(snapshot),
        { Lease: { } lease } when leases.IsHeld(lease) => lease.Answer is null ? DeletionOutcome.Busy : DeletionOutcome.Committing,
        { Lease: null or { Holder: "", Answer: null } } => await leases.AcquireAsync(snapshot) is { } leased ? await steps.RunAsync(leased, isResumed: false) : DeletionOutcome.Busy,
        _ => null,
    };

    private async Task<DeletionOutcome> FinishRotationFirstAsync(ConnectionSnapshot snapshot)
    {
        if (await rotation.RecoverAsync(snapshot) is RotationOutcome.Rotated rotated)
        {
            await rotated.Finished;
        }

        return await store.ReadAsync(snapshot.Connection.Id, CancellationToken.None) is { } current ? await TryAsync(current) ?? DeletionOutcome.Busy : DeletionOutcome.Unknown;
    }
}
