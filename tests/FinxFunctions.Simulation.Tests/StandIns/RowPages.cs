using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.Simulation.Tests.StandIns;

/// <summary>The answer to a query, a page a call.</summary>
internal sealed class RowPages(
    Func<RowFilter, Row?, Task<(IReadOnlyList<TableEntity> Rows, Row? Last)>> page,
    RowFilter filter,
    CancellationToken cancellationToken) : AsyncPageable<TableEntity>(cancellationToken)
{
    public override async IAsyncEnumerable<Page<TableEntity>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        Row? last = null;
        do
        {
            CancellationToken.ThrowIfCancellationRequested();
            (var rows, last) = await page(filter, last);
            yield return Page<TableEntity>.FromValues(rows, last?.RowKey, new StandInResponse(200));
        }
        while (last is not null);
    }
}
