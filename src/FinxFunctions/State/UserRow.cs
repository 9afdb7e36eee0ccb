using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.State;

/// <summary>
/// A row of the table <c>users</c>, which finds a user's connections. The partition key is the keyed hash of the caller and the user, the
/// row key the connection's id.
/// </summary>
public sealed class UserRow : ITableEntity
{
    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }
}
