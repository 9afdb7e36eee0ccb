using Azure.Data.Tables;
using FinxFunctions.State;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FinxFunctions.Hosting;

/// <summary>Queries Table Storage for a partition that does not exist. An answer proves the right to read.</summary>
public sealed class TableStorageHealthCheck(StateTables tables) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        await QueryAsync(cancellationToken).WaitAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }

    private async Task QueryAsync(CancellationToken cancellationToken)
    {
        var table = await tables.RotationScheduleAsync(cancellationToken);
        await foreach (var _ in table.QueryAsync<TableEntity>("PartitionKey eq 'health'", maxPerPage: 1, cancellationToken: cancellationToken))
        {
        }
    }
}
