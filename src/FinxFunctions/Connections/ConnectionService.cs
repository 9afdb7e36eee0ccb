using FinxFunctions.Authorization;
using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>Connections for callers. A caller sees only its own.</summary>
public sealed class ConnectionService(ConnectionStore store, CallerDeletion deletion, UserIds userIds, ShownConnection shown)
{
    /// <summary>Connections that are read for one page at most.</summary>
    public const int MostRead = 2000;

    /// <summary>A connection. Null if the caller has none with this id, or only its tombstone is left.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not return the key of the user's id.</exception>
    public async Task<ConnectionView?> FindAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        ConnectionId.IsValid(id) && await store.ReadAsync(id, cancellationToken) is { Connection: var connection } snapshot && connection.CallerId == caller.Id && !IsTombstone(connection)
            ? await ViewAsync(await shown.OfAsync(snapshot, cancellationToken), cancellationToken)
            : null;

    /// <summary>
    /// A page of the caller's connections, ordered by id. No write changes that order. A page ends after <see cref="MostRead"/> connections,
    /// so that a filter that few meet does not read the whole table for one page.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not return the key of a user's id.</exception>
    public async Task<ConnectionList> ListAsync(Caller caller, ConnectionQuery query, CancellationToken cancellationToken)
    {
        var source = query.UserId is { } userId
            ? store.OfUserAsync(await userIds.KeyOfAsync(caller.Id, userId, cancellationToken), query.After, cancellationToken)
            : store.AllAsync(caller.Id, query.After, cancellationToken);
        List<ConnectionView> page = [];
        var (read, last) = (0, query.After);
        await foreach (var connection in source)
        {
            if (++read > MostRead)
            {
                return new ConnectionList(page, last);
            }

            last = connection.Id;
            var seen = shown.Of(connection);
            if (IsTombstone(connection) || (query.Status is { } status && seen.Status != status))
            {
                continue;
            }

            if (page.Count == query.Limit)
            {
                return new ConnectionList(page, page[^1].ConnectionId);
            }

            page.Add(await ViewAsync(seen, cancellationToken));
        }

        return new ConnectionList(page, null);
    }

    /// <summary>Deletes a connection. The deletion goes on if the caller disconnects.</summary>
    /// <exception cref="Finx.FinxException">finX did not revoke the token.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<DeletionOutcome> DeleteAsync(Caller caller, string id, CancellationToken cancellationToken) => ConnectionId.IsValid(id)
        ? deletion.DeleteAsync(caller.Id, id, cancellationToken)
        : Task.FromResult(DeletionOutcome.Unknown);

    private async Task<ConnectionView> ViewAsync(Connection connection, CancellationToken cancellationToken) =>
        ConnectionView.Of(connection, await userIds.DecryptAsync(connection, cancellationToken));

    private static bool IsTombstone(Connection connection) => connection is { Status: ConnectionStatus.Deleted, UserId: null };
}
