using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.State;

/// <summary>The one row of the table <c>users</c> that names the Key Vault secret version of the lookup key.</summary>
public sealed class LookupKeyRow : ITableEntity
{
    public const string Partition = "key";
    public const string Row = "lookup";

    public string PartitionKey { get; set; } = Partition;

    public string RowKey { get; set; } = Row;

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string? SecretId { get; set; }
}
