using System.Globalization;
using Azure;
using Azure.Data.Tables;
using FinxFunctions.Primitives;

namespace FinxFunctions.State;

/// <summary>
/// A due entry as a row of the table <c>agenda</c>. The partition key is the minute and a shard, the row key the time in ticks and the
/// connection's id. So rows come in the order of their times.
/// </summary>
public sealed class DueRow : ITableEntity
{
    private const int TicksLength = 19;

    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public DateTimeOffset? Deadline { get; set; }

    public int? Failures { get; set; }

    public static DueRow Of(DueEntry entry) => new()
    {
        PartitionKey = $"{MinuteOf(entry.At)}-{Shard(entry.ConnectionId)}",
        RowKey = string.Create(CultureInfo.InvariantCulture, $"{entry.At.UtcTicks:D19}-{entry.ConnectionId}"),
        Deadline = entry.Deadline,
        Failures = entry.Failures,
    };

    /// <summary>The minute of a time, as partition keys begin.</summary>
    public static string MinuteOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);

    /// <summary>The entry of a row; null where its key is none of ours.</summary>
    public static DueEntry? Read(TableEntity row)
    {
        var key = row.RowKey;
        if (key.Length <= TicksLength + 1 || key[TicksLength] != '-' || !ConnectionId.IsValid(key[(TicksLength + 1)..])
            || !long.TryParse(key.AsSpan(0, TicksLength), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) || ticks > DateTime.MaxValue.Ticks)
        {
            return null;
        }

        var fields = new RowReader(row);
        return new DueEntry(key[(TicksLength + 1)..], new DateTimeOffset(ticks, TimeSpan.Zero), fields.Time("Deadline")) { Failures = Math.Max(0, fields.Number("Failures")) };
    }

    // An id is random, so its last hexadecimal digit spreads the entries of a minute evenly over 16 partitions.
    private static char Shard(string connectionId) => connectionId[^1];
}
