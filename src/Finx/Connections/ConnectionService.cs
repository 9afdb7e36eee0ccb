using Finx.Tokens;

namespace Finx.Connections;

/// <summary>Connections as callers see them.</summary>
public sealed class ConnectionService
{
    private readonly ConnectionStore _store;
    private readonly ConnectionRemoval _removal;
    private readonly InFlight _inFlight;

    internal ConnectionService(ConnectionStore store, ConnectionRemoval removal, InFlight inFlight) => (_store, _removal, _inFlight) = (store, removal, inFlight);

    /// <summary>A connection; null where there is none, or nothing left of it.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<Connection?> FindAsync(string id, CancellationToken cancellationToken) =>
        ConnectionId.IsValid(id) && await _store.ReadAsync(id, cancellationToken) is { } snapshot && !IsTombstone(snapshot) ? snapshot.Connection : null;

    /// <summary>A page of connections in the order of their ids, which no write disturbs.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<ConnectionPage> ListAsync(ConnectionQuery query, CancellationToken cancellationToken)
    {
        var source = query.UserId is { } userId ? _store.OfUserAsync(userId, query.After, cancellationToken) : _store.AllAsync(query.After, cancellationToken);
        List<Connection> page = [];
        await foreach (var connection in source)
        {
            if (connection.UserId.Length == 0 || (query.Status is { } status && connection.Status != status))
            {
                continue;
            }

            if (page.Count == query.Limit)
            {
                return new ConnectionPage(page, page[^1].Id);
            }

            page.Add(connection);
        }

        return new ConnectionPage(page, null);
    }

    /// <summary>Deletes a connection. Not given up when the caller goes away.</summary>
    /// <exception cref="Api.FinxException">finX did not revoke the token.</exception>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<RemovalOutcome> RemoveAsync(string id, CancellationToken cancellationToken) => ConnectionId.IsValid(id)
        ? _inFlight.Run(() => _removal.RemoveAsync(id)).WaitAsync(cancellationToken)
        : Task.FromResult(RemovalOutcome.Unknown);

    private static bool IsTombstone(ConnectionSnapshot snapshot) => snapshot is { Connection: { Status: ConnectionStatus.Deleted, UserId: "" } };
}
