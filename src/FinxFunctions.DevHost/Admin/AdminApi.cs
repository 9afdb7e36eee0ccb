using System.Reflection;
using System.Text.Json;
using FinxFunctions.DevHost.Timers;
using FinxFunctions.DevHost.Triggers;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.DevHost.Admin;

/// <summary>The addresses under <c>/admin</c>, with the answers of the Functions host. All but the ping need the master key.</summary>
public static class AdminApi
{
    public static void MapAdminApi(this WebApplication app)
    {
        var keys = new HostKeys(app.Configuration);
        var admin = app.MapGroup("/admin");
        admin.MapMethods("/host/ping", [HttpMethods.Get, HttpMethods.Post], () => TypedResults.Ok());
        admin.MapGet("/host/status", keys.Guard(AuthorizationLevel.Admin, WriteStatusAsync));
        admin.MapPost("/functions/{name}", keys.Guard(AuthorizationLevel.Admin, RunFunctionAsync));
    }

    private static Task WriteStatusAsync(HttpContext context) => context.Response.WriteAsJsonAsync(new HostStatus("Running", Version));

    /// <summary>
    /// Runs a timer now. The answer does not wait for it. The Functions host wants a JSON object as the body; here the body may also be absent.
    /// </summary>
    private static async Task RunFunctionAsync(HttpContext context) => context.Response.StatusCode = await BodyErrorAsync(context.Request) ?? Run(context);

    private static int Run(HttpContext context)
    {
        var name = (string?)context.GetRouteValue("name");
        if (context.RequestServices.GetRequiredService<TimerService>().Functions.FirstOrDefault(timer => timer.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } timer)
        {
            timer.RunNow();
            return StatusCodes.Status202Accepted;
        }

        return TriggeredFunctions.All<HttpTriggerAttribute>().Any(function => function.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ? StatusCodes.Status501NotImplemented
            : StatusCodes.Status404NotFound;
    }

    private static async Task<int?> BodyErrorAsync(HttpRequest request)
    {
        if (request.ContentLength is null or 0 && !request.Headers.ContainsKey("Transfer-Encoding"))
            return null;
        if (!request.HasJsonContentType())
            return StatusCodes.Status415UnsupportedMediaType;

        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return body.RootElement.ValueKind is JsonValueKind.Object ? null : StatusCodes.Status400BadRequest;
        }
        catch (JsonException)
        {
            return StatusCodes.Status400BadRequest;
        }
    }

    private static string Version => typeof(AdminApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
