using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.State;

/// <summary>
/// Connections in Table Storage. A connection is one partition: its row, its lease and its links change in one batch, so that no crash
/// leaves one without the other. Nothing is written unless the row is still the one that was read.
/// </summary>
public sealed class ConnectionStore(StateTables tables)
{
    /// <summary>Everything of one connection; null where there is none.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<ConnectionSnapshot?> ReadAsync(string id, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.ConnectionsAsync(cancellationToken);
        List<TableEntity> rows = [];
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {id}"), cancellationToken: cancellationToken))
        {
            rows.Add(row);
        }

        return ConnectionRows.Snapshot(rows);
    });

    /// <summary>Adds a user's index entry. It goes before the connection: an entry without one is passed over.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task IndexUserAsync(Connection connection, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var users = await tables.UsersAsync(cancellationToken);
        await users.UpsertEntityAsync(new TableEntity(connection.UserKey, connection.Id), TableUpdateMode.Replace, cancellationToken);
        return true;
    });

    /// <summary>Adds a connection with its first link; false where there is one of this id.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<bool> TryCreateAsync(Connection connection, Link link, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.ConnectionsAsync(cancellationToken);
        TableTransactionAction[] rows =
        [
            new(TableTransactionActionType.Add, ConnectionRows.Of(connection)),
            new(TableTransactionActionType.Add, ConnectionRows.Of(connection.Id, link)),
        ];

        // The client may have repeated a write that had succeeded: the link's key is this request's alone.
        return await ConflictAsNullAsync(() => table.SubmitTransactionAsync(rows, cancellationToken)) is not null
            || (await ReadAsync(connection.Id, cancellationToken))?.Links.Any(stored => stored.Key == link.Key) is true;
    });

    /// <summary>Makes a change, all of it or none; null where a row was not, or is no longer, the one that was read.</summary>
    /// <remarks>
    /// The client repeats a write whose answer was lost, and then takes its own success for a conflict. Who gets null reads again and
    /// knows its own hand by <see cref="Connection.CommittedBy"/> or <see cref="Lease.Holder"/>.
    /// </remarks>
    /// <exception cref="StorageException">Table Storage did not answer: the change may have been made.</exception>
    public Task<Written?> TryWriteAsync(ConnectionChange change, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var id = change.Connection.Id;
        List<TableTransactionAction> actions = [new(TableTransactionActionType.UpdateReplace, ConnectionRows.Of(change.Connection), change.Connection.ETag)];
        if (change.Acquire is { } lease)
        {
            actions.Add(new(TableTransactionActionType.Add, ConnectionRows.Of(lease)));
        }

        if (change.Release is { } release)
        {
            actions.Add(new(TableTransactionActionType.Delete, ConnectionRows.Of(release), release.ETag));
        }

        actions.AddRange(change.Links.Select(link => link.ETag == default
            ? new TableTransactionAction(TableTransactionActionType.Add, ConnectionRows.Of(id, link))
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, ConnectionRows.Of(id, link), link.ETag)));
        actions.AddRange(change.Delete.Select(link => new TableTransactionAction(TableTransactionActionType.Delete, ConnectionRows.Of(id, link), link.ETag)));
        if (change.Overflow is { } overflow)
        {
            actions.Add(new(TableTransactionActionType.UpsertReplace, ConnectionRows.OfOverflow(id, overflow)));
        }
        else if (change.HadOverflow)
        {
            actions.Add(new(TableTransactionActionType.Delete, ConnectionRows.OfOverflow(id, []), ETag.All));
        }

        var table = await tables.ConnectionsAsync(cancellationToken);
        var answers = await ConflictAsNullAsync(() => table.SubmitTransactionAsync(actions, cancellationToken));
        return answers is null
            ? null
            : new Written(
                change.Connection with { ETag = answers.Value[0].Headers.ETag.GetValueOrDefault() },
                change.Acquire is null ? null : change.Acquire with { ETag = answers.Value[1].Headers.ETag.GetValueOrDefault() });
    });

    /// <summary>Replaces a lease; null where it is no longer the one that was read.</summary>
    /// <exception cref="StorageException">Table Storage did not answer: the lease may have been replaced.</exception>
    public Task<Lease?> TryUpdateAsync(Lease lease, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.ConnectionsAsync(cancellationToken);
        var answer = await ConflictAsNullAsync(() => table.UpdateEntityAsync(ConnectionRows.Of(lease), lease.ETag, TableUpdateMode.Replace, cancellationToken));
        return answer is null ? null : lease with { ETag = answer.Headers.ETag.GetValueOrDefault() };
    });

    /// <summary>Removes a user's index entry.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task UnindexUserAsync(Connection connection, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var users = await tables.UsersAsync(cancellationToken);
        await users.DeleteEntityAsync(connection.UserKey, connection.Id, ETag.All, cancellationToken);
        return true;
    });

    /// <summary>Removes the connection's own row, when nothing else is left of it; false where it changed meanwhile.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<bool> TryDeleteAsync(ConnectionSnapshot snapshot, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        List<TableTransactionAction> actions = [new(TableTransactionActionType.Delete, ConnectionRows.Of(snapshot.Connection), snapshot.Connection.ETag)];
        actions.AddRange(snapshot.Links.Select(link => new TableTransactionAction(TableTransactionActionType.Delete, ConnectionRows.Of(snapshot.Connection.Id, link), link.ETag)));
        var table = await tables.ConnectionsAsync(cancellationToken);
        return await ConflictAsNullAsync(() => table.SubmitTransactionAsync(actions, cancellationToken)) is not null;
    });

    /// <summary>A user's connections, by <see cref="Connection.UserKey"/>, in the order of their ids, from behind <paramref name="after"/>.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public IAsyncEnumerable<Connection> OfUserAsync(string userKey, string? after, CancellationToken cancellationToken) =>
        GuardedAsync(EnumerateUserAsync(userKey, after, cancellationToken), cancellationToken);

    /// <summary>All connections, or a caller's, in the order of their ids, from behind <paramref name="after"/>.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public IAsyncEnumerable<Connection> AllAsync(string? owner, string? after, CancellationToken cancellationToken) =>
        GuardedAsync(EnumerateAsync(owner, after, cancellationToken), cancellationToken);

    private async IAsyncEnumerable<Connection> EnumerateUserAsync(string userKey, string? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var users = await tables.UsersAsync(cancellationToken);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {userKey} and RowKey gt {after ?? ""}");
        await foreach (var entry in users.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (await ReadAsync(entry.RowKey, cancellationToken) is { Connection: var connection } && connection.UserKey == userKey)
            {
                yield return connection;
            }
        }
    }

    private async IAsyncEnumerable<Connection> EnumerateAsync(string? owner, string? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = await tables.ConnectionsAsync(cancellationToken);
        var filter = owner is null
            ? TableClient.CreateQueryFilter($"PartitionKey gt {after ?? ""} and RowKey eq {ConnectionRows.ConnectionKey}")
            : TableClient.CreateQueryFilter($"PartitionKey gt {after ?? ""} and RowKey eq {ConnectionRows.ConnectionKey} and Owner eq {owner}");
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            yield return ConnectionRows.Connection(row);
        }
    }

    private static async Task<T?> ConflictAsNullAsync<T>(Func<Task<T>> write)
        where T : class
    {
        try
        {
            return await write();
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 409 or 412)
        {
            return null;
        }
    }

    private static async IAsyncEnumerable<Connection> GuardedAsync(IAsyncEnumerable<Connection> source, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var rows = source.GetAsyncEnumerator(cancellationToken);
        while (await StorageException.GuardAsync(() => rows.MoveNextAsync().AsTask()))
        {
            yield return rows.Current;
        }
    }
}
