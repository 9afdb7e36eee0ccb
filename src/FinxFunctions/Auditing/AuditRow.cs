using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.Auditing;

/// <summary>
/// A record as a row of the month's audit table. The partition key is the day and a shard, the row key the time in ticks and a random part,
/// so rows of a partition come in the order of their times.
/// </summary>
public sealed class AuditRow : ITableEntity
{
    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public DateTimeOffset At { get; set; }

    public string? Who { get; set; }

    public string? ConnectionId { get; set; }

    public string? What { get; set; }

    public int? Generation { get; set; }

    public string? Outcome { get; set; }

    public string? TraceId { get; set; }

    public static AuditRow Of(AuditRecord record)
    {
        var random = Guid.NewGuid().ToString("N");
        var at = record.At.UtcDateTime;
        return new AuditRow
        {
            PartitionKey = string.Create(CultureInfo.InvariantCulture, $"{at:yyyyMMdd}-{random[0]}"),
            RowKey = string.Create(CultureInfo.InvariantCulture, $"{at.Ticks:D19}-{random}"),
            At = record.At,
            Who = record.Who,
            ConnectionId = record.ConnectionId,
            What = record.What,
            Generation = record.Generation,
            Outcome = record.Outcome,
            TraceId = record.TraceId,
        };
    }
}
