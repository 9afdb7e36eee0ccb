using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FinxFunctions.DevHost.Local;
using FinxFunctions.Finx;
using FinxFunctions.Primitives;
using FinxSandbox;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace FinxFunctions.DevHost.Workbench;

/// <summary>
/// The page's own API under <c>/dev</c>: the clock, the breakages, the timeline. It exists only if finX is the sandbox of this process, and
/// answers only this machine. A page of another origin cannot read it. Nor can it change anything, because it cannot send a JSON content type.
/// </summary>
public static class WorkbenchApi
{
    private const double MaximumHours = 24 * 366;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void AddWorkbench(this IServiceCollection services, LocalServices local)
    {
        if (local.Finx is not { } sandbox)
            return;

        services.AddSingleton(sandbox);
        services.AddSingleton(local);
        services.AddSingleton<Timeline>();
        services.AddSingleton<TableRestore>();
        services.AddSingleton<Breakages>();
        services.AddSingleton<ProcessKiller>();
        services.AddSingleton<ILoggerProvider, TimelineLogs>();
        services.AddHostedService<TimelineMeters>();
        services.AddHostedService<TimelineJournal>();
    }

    public static void MapWorkbench(this WebApplication app)
    {
        if (app.Services.GetService<Breakages>() is null)
            return;

        var workbench = app.MapGroup("/dev").AddEndpointFilter(async (call, next) => IsLocal(call.HttpContext) ? await next(call) : TypedResults.NotFound());
        workbench.MapGet("/state", State);
        workbench.MapPost("/clock", MoveClock);
        workbench.MapPost("/breakages/{name}", Switch);
        workbench.MapPost("/kills", KillAsync);
        workbench.MapGet("/events", Follow);
    }

    /// <summary>Whether a request comes from this machine and names it as its host. The second part stops DNS rebinding by another page.</summary>
    private static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && Uri.TryCreate($"http://{context.Request.Host}", UriKind.Absolute, out var asked) && asked.IsLoopback;

    private static JsonHttpResult<WorkbenchState> State(SandboxServer sandbox, Breakages breakages, IOptions<FinxOptions> finx) => TypedResults.Json(
        new WorkbenchState(
            sandbox.Clock.GetUtcNow(),
            sandbox.Clock.Offset.TotalSeconds,
            sandbox.Options.AccessTokenLifetime.TotalSeconds,
            finx.Value.ConsentLifetime.TotalSeconds,
            breakages.States,
            KillMoment.All.Select(moment => new KillMomentState(moment.Name, moment.Title))),
        Json);

    private static async Task<Results<JsonHttpResult<WorkbenchState>, BadRequest>> MoveClock(HttpRequest request, SandboxServer sandbox, Breakages breakages, IOptions<FinxOptions> finx, Timeline timeline)
    {
        if (await ReadAsync<ClockChange>(request) is not { AdvanceHours: > 0 and <= MaximumHours and var hours })
            return TypedResults.BadRequest();

        sandbox.Clock.Advance(TimeSpan.FromHours(hours));
        timeline.Add("clock", hours < 24 ? $"The clock was moved by {hours:0.#} hours." : $"The clock was moved by {hours / 24:0.#} days.");
        return State(sandbox, breakages, finx);
    }

    private static async Task<Results<JsonHttpResult<WorkbenchState>, NotFound, BadRequest>> Switch(string name, HttpRequest request, SandboxServer sandbox, Breakages breakages, IOptions<FinxOptions> finx)
    {
        if (Breakage.All.FirstOrDefault(breakage => breakage.Name == name) is not { } breakage)
            return TypedResults.NotFound();
        if (await ReadAsync<BreakageSwitch>(request) is not { On: var on })
            return TypedResults.BadRequest();

        await breakages.SwitchAsync(breakage, on);
        return State(sandbox, breakages, finx);
    }

    private static async Task<Results<JsonHttpResult<KillOutcome>, BadRequest>> KillAsync(HttpRequest request, ProcessKiller processKiller, CancellationToken cancellationToken) =>
        await ReadAsync<KillRequest>(request) is { } kill && ConnectionId.IsValid(kill.ConnectionId) && KillMoment.All.FirstOrDefault(moment => moment.Name == kill.Moment) is { } at
            ? TypedResults.Json(await processKiller.KillAsync(kill, at, cancellationToken), Json)
            : TypedResults.BadRequest();

    /// <summary>Sends the timeline as server-sent events. A reader that reconnects names the last event it has. The stream ends when the host stops.</summary>
    private static ServerSentEventsResult<TimelineEvent> Follow(
        [FromHeader(Name = "Last-Event-ID")] string? last, Timeline timeline, IHostApplicationLifetime host, HttpContext context)
    {
        var after = long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return TypedResults.ServerSentEvents(Items(context.RequestAborted));

        async IAsyncEnumerable<SseItem<TimelineEvent>> Items([EnumeratorCancellation] CancellationToken aborted)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(aborted, host.ApplicationStopping);
            await using var events = timeline.FollowAsync(after, ended.Token).GetAsyncEnumerator(ended.Token);
            while (await MoveNextAsync(events))
                yield return new(events.Current) { EventId = events.Current.Number.ToString(CultureInfo.InvariantCulture) };
        }
    }

    private static async Task<bool> MoveNextAsync(IAsyncEnumerator<TimelineEvent> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<T?> ReadAsync<T>(HttpRequest request)
        where T : class
    {
        try
        {
            return request.HasJsonContentType() ? await request.ReadFromJsonAsync<T>(Json, request.HttpContext.RequestAborted) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
