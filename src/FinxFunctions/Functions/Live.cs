using Finx.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Functions;

/// <summary>
/// Tells that the process answers, and nothing more: for who restarts what does not. A dependency that is down is for <see cref="Health"/> to
/// tell, as a restart would not mend it.
/// </summary>
public sealed class Live
{
    [Function(nameof(Live))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request)
    {
        RequestQuery.Allow(request);
        return TypedResults.NoContent();
    }
}
