using Azure;

namespace FinxFunctions.StandIns;

/// <summary>The answer to a query, a page a call.</summary>
public sealed class RowPages<T>(
    Func<RowFilter, Row?, Task<(IReadOnlyList<T> Rows, Row? Last)>> page,
    RowFilter filter,
    CancellationToken cancellationToken) : AsyncPageable<T>(cancellationToken)
    where T : notnull
{
    public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        Row? last = null;
        do
        {
            CancellationToken.ThrowIfCancellationRequested();
            (var rows, last) = await page(filter, last);
            yield return Page<T>.FromValues(rows, last?.RowKey, new StandInResponse(200));
        }
        while (last is not null);
    }
}
