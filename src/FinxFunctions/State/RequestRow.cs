using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.State;

/// <summary>A row of the table <c>users</c> for an Idempotency-Key. The partition key is the keyed hash of the caller and the key.</summary>
public sealed class RequestRow : ITableEntity
{
    public const string Row = "request";

    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = Row;

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string? RequestHash { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public static RequestRow Of(IndexedRequest request) => new() { PartitionKey = request.Key, RequestHash = request.RequestHash, ExpiresAt = request.ExpiresAt };

    public IndexedRequest ToRequest() => new(PartitionKey, RequestHash ?? "", ExpiresAt.GetValueOrDefault()) { ETag = ETag };
}
