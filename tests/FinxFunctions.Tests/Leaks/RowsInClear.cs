using System.Text;
using Azure.Data.Tables;

namespace FinxFunctions.Tests.Leaks;

/// <summary>The content of a table as a reader sees it.</summary>
internal static class RowsInClear
{
    /// <summary>Every name and value, bytes as text.</summary>
    public static string InClear(this IEnumerable<TableEntity> rows) =>
        string.Join('\n', rows.SelectMany(row => row.Select(property => $"{property.Key}={(property.Value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : property.Value)}")));
}
