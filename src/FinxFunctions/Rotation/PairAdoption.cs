using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>Adopts a pair that Key Vault holds and the table does not know: the table was restored, or failed over to an older copy.</summary>
public sealed class PairAdoption(ConnectionStore store, NextGeneration nextGeneration, DataKeys dataKeys, RotationLog log)
{
    /// <summary>Whether a connection's row is still the one that was read.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<bool> IsUnchangedAsync(ConnectionSnapshot snapshot) =>
        await store.ReadAsync(snapshot.Connection.Id, CancellationToken.None) is { } current && current.Connection.ETag == snapshot.Connection.ETag;

    /// <summary>Moves a connection that has no lease to the generation of the pair. Nothing is presented to finX.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="VaultException">Key Vault did not give the data key.</exception>
    public async Task<RotationOutcome> AdoptAsync(ConnectionSnapshot snapshot, FoundPair found)
    {
        var connection = snapshot.Connection;
        var key = await dataKeys.CurrentAsync(CancellationToken.None);
        var due = await nextGeneration.ScheduleAsync(connection, found.Pair);
        var change = new ConnectionChange(nextGeneration.Adopted(connection, found.Pair, new StoredTokenPair(found.SecretId, null), due, key))
        {
            HadOverflow = connection.HasOverflow,
            HadUnreadable = connection.HasUnreadable,
        };
        if (await store.TryWriteAsync(change, CancellationToken.None) is null)
        {
            return new RotationOutcome.LostRace();
        }

        log.Adopted(connection.Id, connection.Generation, found.Pair.Generation);
        return new RotationOutcome.Rotated(found.Pair);
    }
}
