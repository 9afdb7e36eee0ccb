using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.DevHost.Triggers;

public static class HttpFunctions
{
    /// <summary>Limits request bodies as the Functions host does.</summary>
    public static void UseBodyLimit(this WebApplicationBuilder builder)
    {
        var limit = new BodyLimit(builder.Configuration);
        builder.Services.AddSingleton(limit);
        builder.WebHost.ConfigureKestrel(kestrel => limit.Apply(kestrel.Limits));
    }

    /// <summary>Maps an endpoint for every [HttpTrigger], under the route prefix of host.json.</summary>
    public static void MapHttpFunctions(this WebApplication app)
    {
        var keys = new HostKeys(app.Configuration);
        var limit = app.Services.GetRequiredService<BodyLimit>();
        var prefix = HostFile.RoutePrefix();
        var functions = app.MapGroup(prefix);
        foreach (var function in TriggeredFunctions.All<HttpTriggerAttribute>())
        {
            var trigger = function.Trigger;
            var route = trigger.Route ?? function.Name;
            var guarded = keys.Guard(trigger.AuthLevel, limit.Guard(ErrorBoundary.Around(function.Bind())));
            var traced = FunctionTrace.Around(function.Name, $"/{prefix}/{route}", guarded);
            var endpoint = trigger.Methods is { Length: > 0 } methods ? functions.MapMethods(route, methods, traced) : functions.Map(route, traced);
            endpoint.WithDisplayName(function.Name);
        }

        // The Functions host never answers 405: a path or method that belongs to no function gets 404.
        functions.Map("{**path}", context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}
