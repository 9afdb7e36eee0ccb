using Azure.Data.Tables;

namespace FinxFunctions.StandIns;

/// <summary>A row of Table Storage. It never changes: a write replaces it.</summary>
public sealed record Row(string PartitionKey, string RowKey, IReadOnlyDictionary<string, object> Values, string ETag)
{
    /// <summary>Rows lie in the order of their keys, by code unit.</summary>
    public static IComparer<Row> Order { get; } = Comparer<Row>.Create((left, right) =>
        string.CompareOrdinal(left.PartitionKey, right.PartitionKey) is var byPartition and not 0 ? byPartition : string.CompareOrdinal(left.RowKey, right.RowKey));

    /// <summary>A row with keys only, for a search.</summary>
    public static Row Key(string partitionKey, string rowKey) => new(partitionKey, rowKey, new Dictionary<string, object>(), "");

    public TableEntity ToEntity() => new(Values.ToDictionary()) { PartitionKey = PartitionKey, RowKey = RowKey, ETag = new Azure.ETag(ETag) };
}
