using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.State;

/// <summary>
/// Which connection is to be looked at when: the index by which the timer finds what is due, at a cost that grows with what is due and not
/// with what exists. An entry says no more than "look here"; what is to be done, the connection's own rows tell. So an entry too many costs
/// a look, and an entry is always written before the row that relies on it.
/// </summary>
public sealed class RotationSchedule(StateTables tables)
{
    private const int PageSize = 1000;


    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task AddAsync(DueEntry entry, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.RotationScheduleAsync(cancellationToken);
        var row = new TableEntity(PartitionOf(entry.At, entry.ConnectionId), RowOf(entry)) { ["Deadline"] = entry.Deadline };
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        return true;
    });

    /// <summary>Removing an entry that is gone is no error.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task RemoveAsync(DueEntry entry, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.RotationScheduleAsync(cancellationToken);
        await table.DeleteEntityAsync(PartitionOf(entry.At, entry.ConnectionId), RowOf(entry), ETag.All, cancellationToken);
        return true;
    });

    /// <summary>What is due at <paramref name="now"/>, the most urgent deadline first among the <paramref name="limit"/> that have been due longest.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<IReadOnlyList<DueEntry>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.RotationScheduleAsync(cancellationToken);
        var filter = TableClient.CreateQueryFilter($"PartitionKey lt {MinuteOf(now.AddMinutes(1))}");
        List<DueEntry> due = [];
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            var entry = EntryOf(row);
            if (entry.At <= now)
            {
                due.Add(entry);
            }

            if (due.Count == limit)
            {
                break;
            }
        }

        due.Sort((left, right) => (left.Deadline ?? left.At).CompareTo(right.Deadline ?? right.At));
        return (IReadOnlyList<DueEntry>)due;
    });

    /// <summary>
    /// The first refresh token's end of all, or a moment that none comes before. Entries come in the order of their visits, and no token ends
    /// before its visit: so the first page tells, however many connections there are. Null where no token is kept.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<DateTimeOffset?> NearestDeadlineAsync(CancellationToken cancellationToken) => StorageException.GuardAsync(async () =>
    {
        var table = await tables.RotationScheduleAsync(cancellationToken);
        DateTimeOffset? nearest = null;
        var seen = 0;
        await foreach (var row in table.QueryAsync<TableEntity>(cancellationToken: cancellationToken))
        {
            var entry = EntryOf(row);
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
    });

    private static string MinuteOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);

    /// <summary>An id is random: its last hexadecimal digit is as good a shard as any.</summary>
    private static string PartitionOf(DateTimeOffset at, string connectionId) => $"{MinuteOf(at)}-{connectionId[^1]}";

    private static string RowOf(DueEntry entry) => string.Create(CultureInfo.InvariantCulture, $"{entry.At.UtcTicks:D19}-{entry.ConnectionId}");

    private static DueEntry EntryOf(TableEntity row)
    {
        var at = new DateTimeOffset(long.Parse(row.RowKey.AsSpan(0, 19), CultureInfo.InvariantCulture), TimeSpan.Zero);
        return new DueEntry(row.RowKey[20..], at, row.GetDateTimeOffset("Deadline"));
    }
}
