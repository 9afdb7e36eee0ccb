using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.DevHost.Triggers;

internal static class HttpFunctions
{
    /// <summary>Makes an endpoint of every [HttpTrigger], under the route prefix of host.json.</summary>
    public static void MapHttpFunctions(this WebApplication app)
    {
        var key = new FunctionKey(app.Configuration);
        var prefix = HostFile.RoutePrefix();
        var functions = app.MapGroup(prefix);
        foreach (var function in Function<HttpTriggerAttribute>.All())
        {
            var trigger = function.Trigger;
            var pattern = RoutePatternFactory.Parse(trigger.Route ?? function.Name);
            var guarded = FunctionTrace.Around(function.Name, $"/{prefix}/{pattern.RawText}", ErrorBoundary.Around(key.Guard(trigger.AuthLevel, function.Bind())));
            var endpoint = trigger.Methods is { Length: > 0 } methods ? functions.MapMethods(pattern.RawText!, methods, guarded) : functions.Map(pattern, guarded);
            endpoint.WithDisplayName(function.Name);
        }

        // The Functions host has no 405: what no function takes, by path or by method, leads nowhere.
        functions.Map("{**path}", context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}
