using FinxFunctions.Finx;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FinxFunctions.Hosting;

/// <summary>Calls finX's base address. Any answer but a server error will do, because finX documents no health endpoint.</summary>
public sealed class FinxHealthCheck(FinxClient finx) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        await finx.ProbeAsync(cancellationToken).WaitAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
