using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.State;

/// <summary>
/// A change as batches. Table Storage takes at most 100 rows in one. Only the links to delete can be more. Those that find no room are deleted
/// before, in batches of their own: they are of no use any more, whether or not the rest of the change is made.
/// </summary>
public sealed class ConnectionBatch
{
    private const int MaximumActions = 100;

    private readonly List<TableTransactionAction> _actions = [];
    private readonly List<TableTransactionAction> _deletions = [];

    /// <summary>The rows of a change. The connection's is the first, that of a lease to acquire the second.</summary>
    public static ConnectionBatch Of(ConnectionChange change)
    {
        var batch = new ConnectionBatch();
        var id = change.Connection.Id;
        batch._actions.Add(new(TableTransactionActionType.UpdateReplace, ConnectionRows.Of(change.Connection), change.Connection.ETag));
        if (change.Acquire is { } lease)
        {
            batch._actions.Add(change.Replace is { } replaced
                ? new(TableTransactionActionType.UpdateReplace, ConnectionRows.Of(lease), replaced.ETag)
                : new(TableTransactionActionType.Add, ConnectionRows.Of(lease)));
        }

        if (change.Release is { } release)
        {
            batch._actions.Add(new(TableTransactionActionType.Delete, ConnectionRows.Of(release), release.ETag));
        }

        batch._actions.AddRange(change.Links.Select(link => link.ETag == default
            ? new TableTransactionAction(TableTransactionActionType.Add, ConnectionRows.Of(id, link))
            : new TableTransactionAction(TableTransactionActionType.UpdateReplace, ConnectionRows.Of(id, link), link.ETag)));
        batch.AddPart(change.Overflow is { } overflow ? ConnectionRows.OfOverflow(id, overflow) : null, change.HadOverflow, () => ConnectionRows.OfOverflow(id, []));
        batch.AddPart(change.Unreadable is { } unreadable ? ConnectionRows.OfUnreadable(id, unreadable) : null, change.HadUnreadable, () => ConnectionRows.OfUnreadable(id, null));
        batch.Delete(id, change.Delete);
        return batch;
    }

    /// <summary>The deletion of a connection's row and links.</summary>
    public static ConnectionBatch DeletionOf(ConnectionSnapshot snapshot)
    {
        var batch = new ConnectionBatch();
        batch._actions.Add(new(TableTransactionActionType.Delete, ConnectionRows.Of(snapshot.Connection), snapshot.Connection.ETag));
        batch.Delete(snapshot.Connection.Id, snapshot.Links);
        return batch;
    }

    /// <summary>Makes the change; the answers to its last batch. A row that is not the one that was read ends it.</summary>
    /// <exception cref="RequestFailedException">A row is not the one that was read, or Table Storage failed.</exception>
    public async Task<IReadOnlyList<Response>> SubmitAsync(TableClient table, CancellationToken cancellationToken)
    {
        var ahead = Math.Max(0, _actions.Count + _deletions.Count - MaximumActions);
        foreach (var deletions in _deletions.Take(ahead).Chunk(MaximumActions))
        {
            await table.SubmitTransactionAsync(deletions, cancellationToken);
        }

        var answers = (await table.SubmitTransactionAsync([.. _actions, .. _deletions.Skip(ahead)], cancellationToken)).Value;
        return answers.Count >= _actions.Count ? answers : throw new InvalidDataException("Table Storage answered only a part of a batch.");
    }

    private void AddPart(TableEntity? row, bool isThere, Func<TableEntity> former)
    {
        if (row is not null)
        {
            _actions.Add(new(TableTransactionActionType.UpsertReplace, row));
        }
        else if (isThere)
        {
            _actions.Add(new(TableTransactionActionType.Delete, former(), ETag.All));
        }
    }

    private void Delete(string id, IEnumerable<Link> links) =>
        _deletions.AddRange(links.Select(link => new TableTransactionAction(TableTransactionActionType.Delete, ConnectionRows.Of(id, link), link.ETag)));
}
