using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.State;

/// <summary>
/// When each connection is due: the index by which the timer finds due connections, at a cost that grows with those and not with all. An
/// entry only leads to a connection, whose own rows say what is to be done. So a superfluous entry costs one read. An entry is always
/// written before the row that relies on it.
/// </summary>
public sealed class RotationSchedule(StateTables tables, UnreadableRows unreadable)
{
    private const int PageSize = 1000;

    /// <summary>Adds an entry. Repeating it changes nothing.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task AddAsync(DueEntry entry, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.RotationScheduleAsync(cancellationToken);
        await table.UpsertEntityAsync(DueRow.Of(entry), TableUpdateMode.Replace, cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>Deletes an entry. If there is none, nothing happens.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task RemoveAsync(DueEntry entry, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.RotationScheduleAsync(cancellationToken);
        var row = DueRow.Of(entry);
        await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>
    /// The entries due at <paramref name="now"/>: at most <paramref name="limit"/>, those that have been due longest, in the order of their
    /// deadlines. Rows that are no entries are passed over. If a later page cannot be read, the entries before it are returned.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<IReadOnlyList<DueEntry>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.RotationScheduleAsync(cancellationToken);
        var filter = TableClient.CreateQueryFilter($"PartitionKey lt {DueRow.MinuteOf(now.AddMinutes(1))}");
        List<DueEntry> due = [];
        await using var rows = table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (due.Count < limit && await MoveNextAsync(rows, hasSome: due.Count > 0, cancellationToken))
        {
            if (Read(rows.Current) is { } entry && entry.At <= now)
            {
                due.Add(entry);
            }
        }

        due.Sort((left, right) => (left.Deadline ?? left.At).CompareTo(right.Deadline ?? right.At));
        return (IReadOnlyList<DueEntry>)due;
    }, cancellationToken);

    /// <summary>
    /// A time before which no refresh token ends. Entries come in the order of their times, and no token ends before its entry is due. So the
    /// first page is enough, however many connections there are. Null where there is no refresh token.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<DateTimeOffset?> NearestDeadlineAsync(CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.RotationScheduleAsync(cancellationToken);
        DateTimeOffset? nearest = null;
        var seen = 0;
        await foreach (var row in table.QueryAsync<TableEntity>(cancellationToken: cancellationToken))
        {
            if (Read(row) is not { } entry)
            {
                continue;
            }

            if (nearest is null ? entry.Deadline is not null : entry.Deadline < nearest)
            {
                nearest = entry.Deadline;
            }

            if (++seen == PageSize || entry.At >= nearest)
            {
                return nearest is null || entry.At < nearest ? entry.At : nearest;
            }
        }

        return nearest;
    }, cancellationToken);

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<TableEntity> rows, bool hasSome, CancellationToken cancellationToken)
    {
        try
        {
            return await StorageException.GuardAsync(() => rows.MoveNextAsync().AsTask(), cancellationToken);
        }
        catch (StorageException) when (hasSome)
        {
            return false;
        }
    }

    private DueEntry? Read(TableEntity row)
    {
        var entry = DueRow.Read(row);
        if (entry is null)
        {
            unreadable.Skip(row.PartitionKey, row.RowKey);
        }

        return entry;
    }
}
