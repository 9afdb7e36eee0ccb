using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Links;

/// <summary>Makes new connections, and has the schedule and the user's index lead to them.</summary>
public sealed class NewConnections(ConnectionStore store, RotationSchedule schedule, UserIds userIds, KnownVaults vaults)
{
    /// <summary>A connection whose row is not stored yet.</summary>
    /// <param name="userKey">Keyed hash of the user's id.</param>
    /// <param name="life">The life of its first link.</param>
    /// <exception cref="VaultException">Key Vault did not give the data key.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<Connection> CreateAsync(string id, string callerId, string userKey, string userId, LinkLife life, CancellationToken cancellationToken) => new()
    {
        Id = id,
        CallerId = callerId,
        UserKey = userKey,
        UserId = await userIds.EncryptAsync(id, userId, cancellationToken),
        CreatedAt = life.CreatedAt,
        Vault = await vaults.ForNewAsync(id, cancellationToken),
        DueAt = Link.AbandonedAt(life.ExpiresAt),
    };

    /// <summary>Writes the entries of the schedule and of the user's index. Readers skip an entry whose connection has no row.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task IndexAsync(Connection connection, CancellationToken cancellationToken) => Task.WhenAll(
        schedule.AddAsync(EntryOf(connection), cancellationToken),
        store.IndexUserAsync(connection, cancellationToken));

    /// <summary>Writes the entries while <paramref name="work"/> runs. If either fails, the entries are deleted.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<T> IndexWhileAsync<T>(Connection connection, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        var indexing = IndexAsync(connection, cancellationToken);
        try
        {
            var result = await work();
            await indexing;
            return result;
        }
        catch
        {
            await UnindexAsync(connection, indexing);
            throw;
        }
    }

    /// <summary>Deletes the entries. An entry that cannot be deleted now does no harm: readers skip it.</summary>
    private async Task UnindexAsync(Connection connection, Task indexing)
    {
        try
        {
            await indexing.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            await Task.WhenAll(schedule.RemoveAsync(EntryOf(connection), CancellationToken.None), store.UnindexUserAsync(connection, CancellationToken.None));
        }
        catch (StorageException)
        {
        }
    }

    private static DueEntry EntryOf(Connection connection) => new(connection.Id, connection.DueAt!.Value, null);
}
