using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.State;

/// <summary>
/// Connections in Table Storage. A connection is one partition: its row, its lease and its links change in one batch, so a crash never
/// leaves one without the other. A row is written only if it is still the one that was read.
/// </summary>
public sealed class ConnectionStore(StateTables tables, UnreadableRows unreadable)
{
    /// <summary>All rows of a connection; null where there is none.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<ConnectionSnapshot?> ReadAsync(string id, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var rows = await RowsAsync(id, cancellationToken);
        return ConnectionRows.Snapshot(rows, unreadable);
    }, cancellationToken);

    /// <summary>Adds a connection to its user's index. This comes before the connection: an index entry without a connection is ignored.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task IndexUserAsync(Connection connection, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var users = await tables.UsersAsync(cancellationToken);
        await users.UpsertEntityAsync(new UserRow { PartitionKey = connection.UserKey, RowKey = connection.Id }, TableUpdateMode.Replace, cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>Adds a connection with its first link; false where a connection with this id exists.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<bool> TryCreateAsync(Connection connection, Link link, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.ConnectionsAsync(cancellationToken);
        TableTransactionAction[] rows =
        [
            new(TableTransactionActionType.Add, ConnectionRows.Of(connection)),
            new(TableTransactionActionType.Add, ConnectionRows.Of(connection.Id, link)),
        ];

        // The Azure client repeats a write whose answer was lost, and then reports a conflict. Only this request knows the link's key.
        return await ConflictAsNullAsync(() => table.SubmitTransactionAsync(rows, cancellationToken)) is not null
            || (await ReadAsync(connection.Id, cancellationToken))?.Links.Any(stored => stored.Key == link.Key) is true;
    }, cancellationToken);

    /// <summary>
    /// Makes a change in one batch; null where a row is not the one that was read. Only of links to delete, those that find no room in the
    /// batch are deleted before it.
    /// </summary>
    /// <remarks>
    /// The Azure client repeats a write whose answer was lost, and then reports a conflict with its own first try. A caller that gets null
    /// reads the rows again, and recognises its own write by <see cref="Connection.CommittedBy"/> or <see cref="Lease.Holder"/>.
    /// </remarks>
    /// <exception cref="StorageException">Table Storage did not answer. The change may have been made.</exception>
    public Task<Written?> TryWriteAsync(ConnectionChange change, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.ConnectionsAsync(cancellationToken);
        var answers = await ConflictAsNullAsync(() => ConnectionBatch.Of(change).SubmitAsync(table, cancellationToken));
        return answers is null
            ? null
            : new Written(
                change.Connection with { ETag = answers[0].Headers.ETag.GetValueOrDefault() },
                change.Acquire is null ? null : change.Acquire with { ETag = answers[1].Headers.ETag.GetValueOrDefault() });
    }, cancellationToken);

    /// <summary>Replaces a lease; null where it is not the one that was read.</summary>
    /// <exception cref="StorageException">Table Storage did not answer. The lease may have been replaced.</exception>
    public Task<Lease?> TryUpdateAsync(Lease lease, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.ConnectionsAsync(cancellationToken);
        var answer = await ConflictAsNullAsync(() => table.UpdateEntityAsync(ConnectionRows.Of(lease), lease.ETag, TableUpdateMode.Replace, cancellationToken));
        return answer is null ? null : lease with { ETag = answer.Headers.ETag.GetValueOrDefault() };
    }, cancellationToken);

    /// <summary>Deletes a connection from its user's index.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task UnindexUserAsync(Connection connection, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var users = await tables.UsersAsync(cancellationToken);
        await users.DeleteEntityAsync(connection.UserKey, connection.Id, ETag.All, cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>Deletes a connection's row and links; false where they changed meanwhile.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<bool> TryDeleteAsync(ConnectionSnapshot snapshot, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.ConnectionsAsync(cancellationToken);
        return await ConflictAsNullAsync(() => ConnectionBatch.DeletionOf(snapshot).SubmitAsync(table, cancellationToken)) is not null;
    }, cancellationToken);

    /// <summary>A user's connections, by <see cref="Connection.UserKey"/>, in the order of their ids, after <paramref name="after"/>.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public IAsyncEnumerable<Connection> OfUserAsync(string userKey, string? after, CancellationToken cancellationToken) =>
        GuardedAsync(EnumerateUserAsync(userKey, after, cancellationToken), cancellationToken);

    /// <summary>All connections, or a caller's, in the order of their ids, after <paramref name="after"/>.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public IAsyncEnumerable<Connection> AllAsync(string? owner, string? after, CancellationToken cancellationToken) =>
        GuardedAsync(EnumerateAsync(owner, after, cancellationToken), cancellationToken);

    private async Task<IReadOnlyList<TableEntity>> RowsAsync(string id, CancellationToken cancellationToken)
    {
        var table = await tables.ConnectionsAsync(cancellationToken);
        List<TableEntity> rows = [];
        await foreach (var row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {id}"), cancellationToken: cancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>A connection of a list; null where its row cannot be read.</summary>
    private Connection? Read(TableEntity row)
    {
        try
        {
            return ConnectionRows.Connection(row);
        }
        catch (InvalidDataException exception)
        {
            unreadable.Skip(row.PartitionKey, row.RowKey, exception);
            return null;
        }
    }

    private async IAsyncEnumerable<Connection> EnumerateUserAsync(string userKey, string? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var users = await tables.UsersAsync(cancellationToken);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {userKey} and RowKey gt {after ?? ""}");
        await foreach (var entry in users.QueryAsync<UserRow>(filter, cancellationToken: cancellationToken))
        {
            var rows = await RowsAsync(entry.RowKey, cancellationToken);
            if (rows.FirstOrDefault(row => row.RowKey == ConnectionRows.ConnectionKey) is { } row && Read(row) is { } connection && connection.UserKey == userKey)
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
            if (Read(row) is { } connection)
            {
                yield return connection;
            }
        }
    }

    private static async Task<T?> ConflictAsNullAsync<T>(Func<Task<T>> write)
        where T : class
    {
        try
        {
            return await write();
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412 || exception is { Status: 404, ErrorCode: "ResourceNotFound" })
        {
            return null;
        }
    }

    private static async IAsyncEnumerable<Connection> GuardedAsync(IAsyncEnumerable<Connection> source, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var rows = source.GetAsyncEnumerator(cancellationToken);
        while (await StorageException.GuardAsync(() => rows.MoveNextAsync().AsTask(), cancellationToken))
        {
            yield return rows.Current;
        }
    }
}
