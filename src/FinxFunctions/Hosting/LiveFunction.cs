using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Hosting;

/// <summary>
/// Reports that the process answers, and nothing more: for a supervisor that restarts a process which does not. A restart does not help against
/// a failed dependency, so that is left to <see cref="HealthFunction"/>. Accepts any query.
/// </summary>
public static class LiveFunction
{
    [Function("Live")]
    public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request) => TypedResults.NoContent();
}
