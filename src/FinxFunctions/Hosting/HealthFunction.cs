using FinxFunctions.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Hosting;

/// <summary>Tells whether the service and what it depends on can do their work.</summary>
public sealed class HealthFunction(HealthService health)
{
    [Function("Health")]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken cancellationToken)
    {
        RequestQuery.Allow(request);
        var report = await health.CheckAsync(cancellationToken);
        return JsonResults.Plain(report, HealthJson.Default.HealthReport, report.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
