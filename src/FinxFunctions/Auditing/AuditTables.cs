using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.Auditing;

/// <summary>
/// Records as rows of a table a month, so that an operator lets go of the past by dropping tables. Rows are only ever added. A day is spread
/// over partitions, whose rows are in the order of time.
/// </summary>
public sealed class AuditTables(TableServiceClient service) : IAuditDestination
{
    public async Task WriteAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        var table = service.GetTableClient(string.Create(CultureInfo.InvariantCulture, $"audit{record.At.UtcDateTime:yyyyMM}"));
        var row = Row(record);
        try
        {
            await AddAsync(table, row, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 404)
        {
            // The month's first record.
            await table.CreateIfNotExistsAsync(cancellationToken);
            await AddAsync(table, row, cancellationToken);
        }
    }

    private static async Task AddAsync(TableClient table, TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await table.AddEntityAsync(row, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 409 && exception.ErrorCode == "EntityAlreadyExists")
        {
            // The client repeated a write whose answer was lost: the row's key is this record's alone.
        }
    }

    private static TableEntity Row(AuditRecord record)
    {
        var random = Guid.NewGuid().ToString("N");
        var at = record.At.UtcDateTime;
        return new TableEntity(
            string.Create(CultureInfo.InvariantCulture, $"{at:yyyyMMdd}-{random[0]}"),
            string.Create(CultureInfo.InvariantCulture, $"{at.Ticks:D19}-{random}"))
        {
            ["At"] = record.At,
            ["Who"] = record.Who,
            ["ConnectionId"] = record.ConnectionId,
            ["What"] = record.What,
            ["Generation"] = record.Generation,
            ["Outcome"] = record.Outcome,
            ["TraceId"] = record.TraceId,
        };
    }
}
