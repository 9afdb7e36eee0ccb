using FinxFunctions.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Hosting;

/// <summary>
/// Tells that the process answers, and nothing more: for who restarts what does not. A dependency that is down is for <see cref="HealthFunction"/> to
/// tell, as a restart would not mend it.
/// </summary>
public static class LiveFunction
{
    [Function("Live")]
    public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request)
    {
        RequestQuery.Allow(request);
        return TypedResults.NoContent();
    }
}
