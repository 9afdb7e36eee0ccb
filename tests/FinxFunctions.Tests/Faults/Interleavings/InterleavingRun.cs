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
    private double _factor = 1;
    private World? _world;
    private HostProcess[] _hosts = [];

    private Timing Timing => Timing.Hasty.Times(_factor);

    private TimeSpan Stillness => TimeSpan.FromMilliseconds(200) * _factor;

    /// <summary>
    /// Plays a history, waits until everything is settled, and judges. If the machine was too slow, the history is repeated in a new world
    /// with all times doubled.
    /// </summary>
    public async Task<InterleavingResult> PlayAsync(History history)
    {
        while (true)
        {
            var (result, isDisturbed) = await TryAsync(history);
            if (result.Findings.Count == 0 || !isDisturbed || !SlowDown())
                return result;
        }
    }

    /// <summary>Lets everything take twice as long in the next world.</summary>
    /// <returns>False where the settings do not allow such times.</returns>
    private bool SlowDown()
    {
        if (!Timing.Times(2).IsAllowed)
            return false;
        _factor *= 2;
        return true;
    }

    private async Task<(InterleavingResult Result, bool IsDisturbed)> TryAsync(History history)
    {
        var (world, connections) = await ConnectAllAsync(history.Reuse);
        var injector = new FaultInjector(history, _hosts, world.Proxy, _factor);
        List<Task> steps = [];
        foreach (var step in history.Steps)
        {
            await Task.Delay(step.After * _factor);
            steps.Add(TakeAsync(world, step, connections[step.Connection]));
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
        Observations observed = null!;
        await World.WithinAsync(SlowMachine.HangLimit, async () =>
        {
            await _hosts[0].Caller.TickAsync();
            await world.Proxy.QuietAsync(Stillness);
            observed = await Observations.GatherAsync(world);
            broken = [.. Invariants.Broken(observed, TimeProvider.System.GetUtcNow()), .. connections.SelectMany(asked => Wrong(asked, observed))];
            return broken.Count == 0;
        });
        findings.AddRange(broken);

        var play = new InterleavingResult(findings, findings.Count == 0 ? "" : Report(world, connections))
        {
            Faults = injector.Happened,
            Presentations = observed.Presentations.Count,
            Replays = observed.Presentations.Count - observed.Presentations.DistinctBy(entry => entry.Presented).Count(),
            TakeOvers = Said(world, "Took over connection"),
            PersistedLate = Said(world, "an answer came after its lease had changed"),
            LostOnTheWay = observed.LostOnTheWay().Count,
            Ended = observed.Connections.Count(snapshot => snapshot.Connection.Status is ConnectionStatus.NeedsReconsent),
        };
        // Each lost answer costs one give-up. More of them than faults that delay finX: the machine was slow.
        var isDisturbed = Said(world, "no answer within") > injector.Delays;
        if (findings.Count > 0)
            await DisposeAsync();
        return (play, isDisturbed);
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
            _world = await World.StartAsync(storage, new SandboxOptions(), Timing);
            _hosts = await Task.WhenAll(Enumerable.Range(0, History.Hosts).Select(_ => _world.AddAsync()));
            foreach (var host in _hosts)
                await ConnectAsync(_world, host.Caller); // the first time takes longer than any lease here
        }

        _world.Sandbox.Options = _world.Sandbox.Options with { RefreshTokenReuse = reuse };
        return _world;
    }

    /// <summary>The connections of a history. All are whole to begin with. Where the machine is too slow for that, all times are doubled.</summary>
    private async Task<(World World, IReadOnlyList<HistoryConnection> Connections)> ConnectAllAsync(RefreshTokenReuse reuse)
    {
        for (var tries = 1; ; tries++)
        {
            var world = await PrepareAsync(reuse);
            await world.Proxy.QuietAsync(Stillness);
            world.Begin();
            var connections = await Task.WhenAll(_hosts.Take(History.Connections).Select(host => ConnectAsync(world, host.Caller)));
            await world.Proxy.QuietAsync(Stillness);
            if (connections.All(connection => connection is not null) && (await Observations.GatherAsync(world)).Presentations.Count == connections.Length)
                return (world, connections!);

            if (tries % 2 == 0)
            {
                await DisposeAsync();
                if (!SlowDown())
                    throw new TimeoutException($"A host gave finX up although it answered, with {Timing.TokenTimeout} of time.");
            }
        }
    }

    /// <returns>Null where the exchange came to nothing.</returns>
    private static async Task<HistoryConnection?> ConnectAsync(World world, Caller caller)
    {
        var user = CallerActions.NewUser();
        var (id, callback) = await CallerActions.LinkAsync(world, caller, user);
        return await CallerActions.ReturnAsync(caller, callback, "connected", "failed ambiguous") == "connected" ? new HistoryConnection(id, user) : null;
    }

    private async Task TakeAsync(World world, Step step, HistoryConnection connection)
    {
        var caller = _hosts[step.Host].Caller;
        switch (step.Act)
        {
            case RequestKind.Ask:
                connection.Heard(await caller.TokenAsync(connection.Id));
                break;
            case RequestKind.Report:
                connection.Heard(await caller.TokenAsync(connection.Id, connection.Generation));
                break;
            case RequestKind.Tick:
                await caller.TickAsync();
                break;
            case RequestKind.Renew when await caller.CreateLinkAsync(connection.User, connection.Id) is { Status: HttpStatusCode.Created } link:
                var callback = world.Sandbox.Finish(link["flow_id"]!)!;
                await CallerActions.AskAsync(() => caller.ReturnAsync(callback));
                break;
            case RequestKind.Delete:
                connection.IsDeleted = true;
                await CallerActions.AskAsync(() => caller.DeleteAsync(connection.Id));
                break;
        }
    }

    /// <summary>What callers of one connection saw that they must not.</summary>
    private static IEnumerable<string> Wrong(HistoryConnection asked, Observations observed)
    {
        foreach (var reply in asked.Replies.Where(reply => !IsExpected(reply, asked)))
            yield return $"A caller was answered {reply}";

        foreach (var generation in asked.Tokens.GroupBy(token => token.Generation).Where(tokens => tokens.Select(token => token.Hash).Distinct().Count() > 1))
            yield return $"I3: two different tokens were given out as generation {generation.Key}.";

        var connection = observed.Connections.SingleOrDefault(snapshot => snapshot.Connection.Id == asked.Id)?.Connection;
        if (connection is { Status: ConnectionStatus.NeedsReconsent } && (connection.Reason != "ambiguous" || observed.LostOnTheWay().Count == 0))
            yield return $"A connection ended ({connection.Reason}) though no rule of the provider's explains it.";
    }

    private static bool IsExpected(Reply reply, HistoryConnection connection) => reply.Status switch
    {
        HttpStatusCode.OK => true,
        HttpStatusCode.Conflict => reply["code"] == "needs_reconsent",
        HttpStatusCode.NotFound => connection.IsDeleted,
        _ => reply.IsForNow,
    };

    private static int Said(World world, string text) => world.Logs.Sum(log => log.Split(text).Length - 1);

    private string Report(World world, IEnumerable<HistoryConnection> connections)
    {
        var report = new StringBuilder();
        var start = world.Proxy.History.Select(call => call.ArrivedAt).FirstOrDefault();
        foreach (var (index, asked) in connections.Index())
            report.AppendLine($"Connection {index} is {asked.Id}");
        foreach (var call in world.Proxy.History)
        {
            var host = _hosts.Index().FirstOrDefault(host => host.Item.Id == call.Process, (-1, null!)).Index;
            var connection = connections.Index().FirstOrDefault(asked => call.Body.Contains(asked.Item.Id, StringComparison.Ordinal) || call.Target.Contains(asked.Item.Id, StringComparison.Ordinal), (-1, null!)).Index;
            if (connection >= 0 || call.IsTokenCall)
                report.AppendLine(CultureInfo.InvariantCulture, $"  {Seconds(start, call.ArrivedAt)} {Seconds(start, call.ActedAt)} {Seconds(start, call.EndedAt)} {History.NameOf(host)} {connection} {call.SiteOf(),-10} {call}{(call.HasSucceeded ? "" : " (failed)")}");
        }

        foreach (var log in world.Logs)
            report.AppendLine(log);
        return report.ToString();
    }

    private static string Seconds(long start, long? at) => at is { } then
        ? Stopwatch.GetElapsedTime(start, then).TotalSeconds.ToString("00.00", CultureInfo.InvariantCulture)
        : "--.--";
}
