using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>
/// The steps of a deletion: revoke the token at finX, delete the secrets, delete the rows. In this order, because finX revokes a token only
/// if it is shown, and the token lies in a secret.
/// </summary>
public sealed class DeletionSteps(DeletionLease leases, TokenRevocation revocation, TokenVault vault, Tombstones tombstones)
{
    /// <summary>Continues the deletion of a connection that is marked as deleted.</summary>
    /// <exception cref="FinxException">finX did not revoke the token.</exception>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<DeletionOutcome> ResumeAsync(ConnectionSnapshot snapshot)
    {
        if (snapshot.Lease is { } lease)
        {
            return await leases.TakeOverAsync(snapshot, lease) is { } leased ? await RunAsync(leased) : DeletionOutcome.Busy;
        }

        await tombstones.PurgeAsync(snapshot);
        return DeletionOutcome.Deleted;
    }

    /// <summary>Runs all steps for a connection that this process has leased.</summary>
    /// <exception cref="FinxException">finX did not revoke the token.</exception>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<DeletionOutcome> RunAsync(ConnectionSnapshot snapshot)
    {
        try
        {
            await revocation.RevokeAsync(snapshot);
            await DeleteSecretsAsync(snapshot.Connection);
            return await tombstones.ReplaceAsync(snapshot) ? DeletionOutcome.Deleted : DeletionOutcome.Busy;
        }
        catch (Exception exception) when (exception is FinxException or VaultException)
        {
            await leases.SuspendAsync(snapshot.Lease!, exception);
            throw;
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
}
