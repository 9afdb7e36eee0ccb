using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.DevHost.Triggers;

public static class HttpFunctions
{
    /// <summary>Makes an endpoint of every [HttpTrigger], under the route prefix of host.json.</summary>
    public static void MapHttpFunctions(this WebApplication app)
    {
        var key = new FunctionKey(app.Configuration);
        var prefix = HostFile.RoutePrefix();
        var functions = app.MapGroup(prefix);
        foreach (var function in TriggeredFunctions.All<HttpTriggerAttribute>())
        {
            var trigger = function.Trigger;
            var route = trigger.Route ?? function.Name;
            var guarded = FunctionTrace.Around(function.Name, $"/{prefix}/{route}", ErrorBoundary.Around(key.Guard(trigger.AuthLevel, function.Bind())));
            var endpoint = trigger.Methods is { Length: > 0 } methods ? functions.MapMethods(route, methods, guarded) : functions.Map(route, guarded);
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
