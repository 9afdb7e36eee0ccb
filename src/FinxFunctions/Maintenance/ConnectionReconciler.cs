using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>Reconciles one connection: does what its rows require now, then schedules the next time.</summary>
public sealed class ConnectionReconciler(ConnectionStore store, RotationSchedule schedule, DueActions actions, Rescheduling rescheduling)
{
    /// <summary>
    /// Reconciles the connection of a due entry, then removes the entry. After an exception the entry stays and is due again. False where finX
    /// did not refresh the token: the connection then comes back with backoff.
    /// </summary>
    /// <exception cref="Finx.FinxException">A deletion could not revoke the token at finX.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer.</exception>
    public async Task<bool> ReconcileAsync(DueEntry entry)
    {
        var isDone = true;
        if (await store.ReadAsync(entry.ConnectionId, CancellationToken.None) is { } snapshot)
        {
            if (actions.MustWait(snapshot))
            {
                // The entry stays where it is, so that the connection keeps its place among the urgent ones.
                return true;
            }

            isDone = await actions.RunAsync(snapshot);
            await rescheduling.RescheduleAsync(entry, hasFailed: !isDone);
        }

        await schedule.RemoveAsync(entry, CancellationToken.None);
        return isDone;
    }
}
