using System.Text.Json;
using FunctionsHost.Functions;
using FunctionsHost.Timers;
using FunctionsHost.Workers;

namespace FunctionsHost.Http;

/// <summary>The addresses under /admin: all but the ping want the master key.</summary>
internal sealed class AdminApi(Keys keys, WorkerSupervisor workers, TimerFunctions timers, Func<HostState> state, Action drain)
{
    public async Task AnswerAsync(HttpContext context)
    {
        string[] path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Func<Task>? call = (context.Request.Method, path.Select(part => part.ToUpperInvariant()).ToArray()) switch
        {
            ("GET" or "POST", ["ADMIN", "HOST", "PING"]) => () => Task.CompletedTask,
            ("GET", ["ADMIN", "HOST", "STATUS"]) => () => context.Response.WriteAsJsonAsync(new { state = $"{state()}", version = WorkerChannel.HostVersion }),
            ("GET", ["ADMIN", "HOST", "DRAIN", "STATUS"]) => () => context.Response.WriteAsJsonAsync(new { state = $"{DrainState()}", outstandingInvocations = Running }),
            ("POST", ["ADMIN", "HOST", "DRAIN"]) => () => Accept(context, drain),
            ("POST", ["ADMIN", "FUNCTIONS", _]) => () => RunAsync(context, path[2]),
            _ => null,
        };
        var needed = path is [_, _, { } last] && last.Equals("ping", StringComparison.OrdinalIgnoreCase) ? AccessLevel.Anonymous : AccessLevel.Admin;
        if (call is null)
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        else if (keys.LevelOf(context.Request) is var level && level < needed)
            context.Response.StatusCode = level == AccessLevel.Anonymous ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
        else
            await call();
    }

    private int Running => workers.Current?.Channel.RunningCount ?? 0;

    private string DrainState() => state() == HostState.Running ? "Disabled" : Running > 0 ? "InProgress" : "Completed";

    private async Task RunAsync(HttpContext context, string name)
    {
        if (!context.Request.HasJsonContentType())
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        if (!await HoldsObjectAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        if (workers.Current?.Functions.FirstOrDefault(function => function.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } found)
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        else if (!found.IsTimer)
            context.Response.StatusCode = StatusCodes.Status501NotImplemented;
        else
            await Accept(context, () => _ = timers.RunNowAsync(found));
    }

    private static async Task<bool> HoldsObjectAsync(HttpContext context)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return body.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Task Accept(HttpContext context, Action act)
    {
        act();
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return Task.CompletedTask;
    }
}
