using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.State;

/// <summary>A row of the table <c>users</c> that remembers a vault in which connections have their tokens. The row key is its host.</summary>
public sealed class KnownVaultRow : ITableEntity
{
    public const string Partition = "vaults";

    public string PartitionKey { get; set; } = Partition;

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string? Address { get; set; }

    public static KnownVaultRow Of(Uri vault) => new()
    {
        RowKey = vault.IsDefaultPort ? vault.IdnHost : $"{vault.IdnHost}:{vault.Port}",
        Address = vault.GetLeftPart(UriPartial.Authority),
    };
}
