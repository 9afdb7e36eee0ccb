using System.Text.RegularExpressions;

namespace FinxFunctions.StandIns;

/// <summary>The part of OData filters that the app uses: comparisons of the two keys, joined by <c>and</c>.</summary>
public sealed partial record RowFilter(IReadOnlyList<(string Key, string Operator, string Value)> Terms)
{
    private const string Highest = "\uffff";

    /// <exception cref="NotSupportedException">The filter uses more than the stand-in supports.</exception>
    public static RowFilter Parse(string? filter) => new(filter is null ? [] :
    [
        .. filter.Split(" and ").Select(term => Term().Match(term) is { Success: true, Groups: var groups }
            ? (groups[1].Value, groups[2].Value, groups[3].Value.Replace("''", "'", StringComparison.Ordinal))
            : throw new NotSupportedException($"The stand-in does not know the filter '{term}'.")),
    ]);

    /// <summary>Rows before this one do not match.</summary>
    public Row From => Row.Key(Terms.Where(term => term is ("PartitionKey", "eq" or "gt" or "ge", _)).Select(term => term.Value).DefaultIfEmpty("").Max(StringComparer.Ordinal)!, "");

    /// <summary>Rows behind this one do not match.</summary>
    public Row To => Row.Key(Terms.Where(term => term is ("PartitionKey", "eq" or "lt" or "le", _)).Select(term => term.Value).DefaultIfEmpty(Highest).Min(StringComparer.Ordinal)!, Highest);

    public bool Matches(Row row) => Terms.All(term => string.CompareOrdinal(term.Key == "PartitionKey" ? row.PartitionKey : row.RowKey, term.Value) is var order && term.Operator switch
    {
        "eq" => order == 0,
        "lt" => order < 0,
        "le" => order <= 0,
        "gt" => order > 0,
        _ => order >= 0,
    });

    [GeneratedRegex("^(PartitionKey|RowKey) (eq|lt|le|gt|ge) '((?:[^']|'')*)'$", RegexOptions.CultureInvariant)]
    private static partial Regex Term();
}
