using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>
/// The steps of a deletion: delete the links, revoke the token at finX, delete the secrets, delete the rows. In this order, because finX
/// revokes a token only if it is shown, and the token lies in a secret.
/// </summary>
public sealed class DeletionSteps(DeletionLease leases, LinkRemoval links, TokenRevocation revocation, SecretRemoval secrets, Tombstones tombstones)
{
    /// <summary>Continues the deletion of a connection that is marked as deleted.</summary>
    /// <exception cref="FinxException">finX did not revoke the token, and is to be asked again.</exception>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<DeletionOutcome> ResumeAsync(ConnectionSnapshot snapshot)
    {
        if (snapshot.Lease is { } lease)
        {
            return await leases.TakeOverAsync(snapshot, lease) is { } leased ? await RunAsync(leased, isResumed: true) : DeletionOutcome.Busy;
        }

        await tombstones.PurgeAsync(snapshot);
        return DeletionOutcome.Deleted;
    }

    /// <summary>Runs all steps for a connection that this process has leased.</summary>
    /// <param name="isResumed">Whether an earlier attempt was interrupted.</param>
    /// <exception cref="FinxException">finX did not revoke the token, and is to be asked again.</exception>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<DeletionOutcome> RunAsync(ConnectionSnapshot snapshot, bool isResumed)
    {
        if (await links.TrimAsync(snapshot, 0) is not { Lease: { } lease } cleared)
        {
            return DeletionOutcome.Busy;
        }

        try
        {
            if (lease.AnsweredAt is null)
            {
                await revocation.RevokeAsync(cleared, isResumed);
                lease = leases.Revoked(lease);
            }

            await secrets.DeleteAsync(cleared.Connection);
            return await tombstones.ReplaceAsync(cleared) ? DeletionOutcome.Deleted : DeletionOutcome.Busy;
        }
        catch (Exception exception) when (exception is FinxException or VaultException)
        {
            await leases.SuspendAsync(lease, exception);
            throw;
        }
    }
}
