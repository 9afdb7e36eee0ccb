using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using FinxFunctions.State;
using FinxFunctions.Tests.Faults.Proof;
using FinxSandbox;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>Three hosts in one world, where histories are played one after the other, each with connections of its own.</summary>
internal sealed class InterleavingRun(Storage storage) : IAsyncDisposable
{
    private static readonly TimeSpan Stillness = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private World? _world;
    private HostProcess[] _hosts = [];

    /// <summary>Plays a history, waits until everything is settled, and judges.</summary>
    public async Task<InterleavingResult> PlayAsync(History history)
    {
        var world = await PrepareAsync(history.Reuse);
        var cast = await CastAsync(world);
        var injector = new FaultInjector(history, _hosts, world.Proxy);
        List<Task> steps = [];
        foreach (var step in history.Steps)
        {
            await Task.Delay(step.After);
            steps.Add(TakeAsync(world, step, cast[step.Connection]));
        }

        List<string> findings = [];
        try
        {
            await Task.WhenAll(steps);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            findings.Add($"A caller got no answer: {exception}");
        }

        await injector.StopAsync();
        IReadOnlyList<string> broken = [];
        Observations evidence = null!;
        await World.WithinAsync(Patience, async () =>
        {
            await _hosts[0].Caller.TickAsync();
            await world.Proxy.QuietAsync(Stillness);
            evidence = await Observations.GatherAsync(world);
            broken = [.. Invariants.Broken(evidence, TimeProvider.System.GetUtcNow()), .. cast.SelectMany(role => Wrong(role, evidence))];
            return broken.Count == 0;
        });
        findings.AddRange(broken);

        var play = new InterleavingResult(findings, findings.Count == 0 ? "" : Report(world, cast))
        {
            Disturbances = injector.Happened,
            Presentations = evidence.Presentations.Count,
            Replays = evidence.Presentations.Count - evidence.Presentations.DistinctBy(entry => entry.Presented).Count(),
            TakeOvers = Said(world, "Took over connection"),
            KeptLate = Said(world, "an answer came after its lease had changed hands"),
            LostOnTheWay = evidence.LostOnTheWay().Count,
            Ended = evidence.Connections.Count(snapshot => snapshot.Connection.Status is ConnectionStatus.NeedsReconsent),
        };
        if (findings.Count > 0)
            await DisposeAsync();
        return play;
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
        (_world, _hosts) = (null, []);
    }

    private async Task<World> PrepareAsync(RefreshTokenReuse reuse)
    {
        if (_world is null)
        {
            _world = await World.StartAsync(storage, new SandboxOptions(), Timing.Hasty);
            _hosts = await Task.WhenAll(Enumerable.Range(0, History.Hosts).Select(_ => _world.AddAsync()));
            foreach (var host in _hosts)
                await ConnectAsync(_world, host.Caller); // the first time takes longer than any lease here
        }

        _world.Sandbox.Options = _world.Sandbox.Options with { RefreshTokenReuse = reuse };
        return _world;
    }

    /// <summary>The connections of a history. They are all right to begin with, or others are made: a busy machine alone may be too slow for finX's time-out.</summary>
    private async Task<IReadOnlyList<HistoryConnection>> CastAsync(World world)
    {
        while (true)
        {
            await world.Proxy.QuietAsync(Stillness);
            world.Begin();
            var cast = await Task.WhenAll(_hosts.Take(History.Connections).Select(host => ConnectAsync(world, host.Caller)));
            await world.Proxy.QuietAsync(Stillness);
            if (cast.All(role => role is not null) && (await Observations.GatherAsync(world)).Presentations.Count == cast.Length)
                return cast!;
        }
    }

    /// <returns>Null where the exchange came to nothing.</returns>
    private static async Task<HistoryConnection?> ConnectAsync(World world, Caller caller)
    {
        var user = CallerActions.NewUser();
        var (id, callback) = await CallerActions.LinkAsync(world, caller, user);
        return await CallerActions.ReturnAsync(caller, callback, "connected", "failed ambiguous") == "connected" ? new HistoryConnection(id, user) : null;
    }

    private async Task TakeAsync(World world, Step step, HistoryConnection role)
    {
        var caller = _hosts[step.Host].Caller;
        switch (step.Act)
        {
            case RequestKind.Ask:
                role.Heard(await caller.TokenAsync(role.Id));
                break;
            case RequestKind.Report:
                role.Heard(await caller.TokenAsync(role.Id, role.Generation));
                break;
            case RequestKind.Tick:
                await caller.TickAsync();
                break;
            case RequestKind.Renew when await caller.CreateLinkAsync(role.User, role.Id) is { Status: HttpStatusCode.Created } link:
                var callback = world.Sandbox.Finish(link["flow_id"]!)!;
                await CallerActions.AskAsync(() => caller.ReturnAsync(callback));
                break;
            case RequestKind.Delete:
                role.IsDeleted = true;
                await CallerActions.AskAsync(() => caller.DeleteAsync(role.Id));
                break;
        }
    }

    /// <summary>What callers of one connection saw that they must not.</summary>
    private static IEnumerable<string> Wrong(HistoryConnection role, Observations evidence)
    {
        foreach (var reply in role.Replies.Where(reply => !IsExpected(reply, role)))
            yield return $"A caller was answered {reply}";

        foreach (var generation in role.Tokens.GroupBy(token => token.Generation).Where(tokens => tokens.Select(token => token.Hash).Distinct().Count() > 1))
            yield return $"I3: two different tokens were given out as generation {generation.Key}.";

        var connection = evidence.Connections.SingleOrDefault(snapshot => snapshot.Connection.Id == role.Id)?.Connection;
        if (connection is { Status: ConnectionStatus.NeedsReconsent } && (connection.Reason != "ambiguous" || evidence.LostOnTheWay().Count == 0))
            yield return $"A connection ended ({connection.Reason}) though no rule of the provider's explains it.";
    }

    private static bool IsExpected(Reply reply, HistoryConnection role) => reply.Status switch
    {
        HttpStatusCode.OK => true,
        HttpStatusCode.Conflict => reply["code"] == "needs_reconsent",
        HttpStatusCode.NotFound => role.IsDeleted,
        _ => reply.IsForNow,
    };

    private static int Said(World world, string text) => world.Logs.Sum(log => log.Split(text).Length - 1);

    private string Report(World world, IEnumerable<HistoryConnection> cast)
    {
        var report = new StringBuilder();
        var start = world.Proxy.History.Select(call => call.ArrivedAt).FirstOrDefault();
        foreach (var (index, role) in cast.Index())
            report.AppendLine($"Connection {index} is {role.Id}");
        foreach (var call in world.Proxy.History)
        {
            var host = _hosts.Index().FirstOrDefault(host => host.Item.Id == call.Process, (-1, null!)).Index;
            var connection = cast.Index().FirstOrDefault(role => call.Body.Contains(role.Item.Id, StringComparison.Ordinal) || call.Target.Contains(role.Item.Id, StringComparison.Ordinal), (-1, null!)).Index;
            if (connection >= 0 || call.IsTokenCall)
                report.AppendLine(CultureInfo.InvariantCulture, $"  {Seconds(start, call.ArrivedAt)} {Seconds(start, call.ActedAt)} {Seconds(start, call.EndedAt)} {History.NameOf(host)} {connection} {call.PlaceOf(),-10} {call}{(call.HasSucceeded ? "" : " (failed)")}");
        }

        foreach (var log in world.Logs)
            report.AppendLine(log);
        return report.ToString();
    }

    private static string Seconds(long start, long? at) => at is { } then
        ? Stopwatch.GetElapsedTime(start, then).TotalSeconds.ToString("00.00", CultureInfo.InvariantCulture)
        : "--.--";
}
