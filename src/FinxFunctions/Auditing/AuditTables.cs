using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace FinxFunctions.Auditing;

/// <summary>
/// Writes records as rows of one table for each month. An operator deletes old records by deleting tables. The app only adds rows.
/// </summary>
public sealed class AuditTables(TableServiceClient service) : IAuditDestination
{
    public async Task WriteAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        var table = service.GetTableClient(string.Create(CultureInfo.InvariantCulture, $"audit{record.At.UtcDateTime:yyyyMM}"));
        var row = AuditRow.Of(record);
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

    private static async Task AddAsync(TableClient table, AuditRow row, CancellationToken cancellationToken)
    {
        try
        {
            await table.AddEntityAsync(row, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 409 && exception.ErrorCode == "EntityAlreadyExists")
        {
            // The Azure client repeats a write whose answer was lost. Only this record has the row's key.
        }
    }
}
