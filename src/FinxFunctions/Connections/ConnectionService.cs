using FinxFunctions.Authorization;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>Connections as callers see them: each its own.</summary>
public sealed class ConnectionService
{
    private readonly ConnectionStore _store;
    private readonly ConnectionDeletion _deletion;
    private readonly UserIds _userIds;
    private readonly BackgroundWork _background;

    public ConnectionService(ConnectionStore store, ConnectionDeletion deletion, UserIds userIds, BackgroundWork background) =>
        (_store, _deletion, _userIds, _background) = (store, deletion, userIds, background);

    /// <summary>A connection; null where the caller has none of this id, or nothing is left of it.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not give the key to the user's id.</exception>
    public async Task<ConnectionView?> FindAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        ConnectionId.IsValid(id) && await _store.ReadAsync(id, cancellationToken) is { Connection: var connection } && connection.CallerId == caller.Id && !IsTombstone(connection)
            ? await ViewAsync(connection, cancellationToken)
            : null;

    /// <summary>A page of the caller's connections in the order of their ids, which no write disturbs.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not give the key to a user's id.</exception>
    public async Task<ConnectionList> ListAsync(Caller caller, ConnectionQuery query, CancellationToken cancellationToken)
    {
        var source = query.UserId is { } userId
            ? _store.OfUserAsync(await _userIds.KeyOfAsync(caller.Id, userId, cancellationToken), query.After, cancellationToken)
            : _store.AllAsync(caller.Id, query.After, cancellationToken);
        List<ConnectionView> page = [];
        await foreach (var connection in source)
        {
            if (IsTombstone(connection) || (query.Status is { } status && connection.Status != status))
            {
                continue;
            }

            if (page.Count == query.Limit)
            {
                return new ConnectionList(page, page[^1].ConnectionId);
            }

            page.Add(await ViewAsync(connection, cancellationToken));
        }

        return new ConnectionList(page, null);
    }

    /// <summary>Deletes a connection. Not given up when the caller goes away.</summary>
    /// <exception cref="Finx.FinxException">finX did not revoke the token.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<DeletionOutcome> DeleteAsync(Caller caller, string id, CancellationToken cancellationToken) => ConnectionId.IsValid(id)
        ? _background.RunAsync(() => _deletion.DeleteAsync(caller.Id, id)).WaitAsync(cancellationToken)
        : Task.FromResult(DeletionOutcome.Unknown);

    private async Task<ConnectionView> ViewAsync(Connection connection, CancellationToken cancellationToken) =>
        ConnectionView.Of(connection, await _userIds.DecryptAsync(connection, cancellationToken));

    private static bool IsTombstone(Connection connection) => connection is { Status: ConnectionStatus.Deleted, UserId: null };
}
