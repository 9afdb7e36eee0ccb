using FinxFunctions.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Hosting;

/// <summary>Reports whether the service and its dependencies work. Accepts any query, because load balancers add some to their probes.</summary>
public sealed class HealthFunction(HealthMemory health)
{
    [Function("Health")]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken cancellationToken)
    {
        var view = HealthView.Of(await health.CheckAsync(cancellationToken));
        return JsonResults.Plain(view, HealthJson.Default.HealthView, view.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
