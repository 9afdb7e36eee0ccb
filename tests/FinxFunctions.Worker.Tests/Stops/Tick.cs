using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;
using FinxSandbox;
using FinxSandbox.Faults;

namespace FinxFunctions.Worker.Tests.Stops;

/// <summary>
/// A tick in which many connections are due, to be stopped in the middle; and another worker in the same world after it, to see what became of
/// the connections. No token is ever presented twice here, so that a lost answer ends its connection.
/// </summary>
internal sealed class Tick : IAsyncDisposable
{
    /// <summary>How many refreshes run at once, unless a setting says otherwise.</summary>
    public const int Concurrency = 4;

    private readonly World _world;
    private readonly Dictionary<string, string?> _settings;

    private Tick(World world, Dictionary<string, string?> settings, WorkerUnderTest worker) => (_world, _settings, Worker) = (world, settings, worker);

    /// <summary>The worker that is stopped.</summary>
    public WorkerUnderTest Worker { get; }

    public SandboxServer Sandbox => _world.Sandbox;

    /// <summary>How many refreshes have reached finX while it was slow.</summary>
    public int Presented => Sandbox.Faults.Active.Sum(fault => fault.Applied);

    public ConcurrentBag<string> Ids { get; } = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Connects, and waits until all are due: three seconds after their tokens came.</summary>
    public static async Task<Tick> PrepareAsync(TableServer tables, FunctionsHost.HostTimings? timings, Dictionary<string, string?> settings, int connections = 12)
    {
        var world = await World.StartAsync(tables);
        Dictionary<string, string?> all = new()
        {
            ["Finx__RefreshTokenLifetime"] = "00:05:00",
            ["Tokens__RotateJitter"] = "0",
            ["Tokens__Replays"] = "0",
            ["Tokens__TickConcurrency"] = $"{Concurrency}",
            ["Tokens__TickRefreshesPerSecond"] = "25",
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        var worker = await WorkerUnderTest.StartAsync(world, new(all) { ["Tokens__RotateAfter"] = "0.01" }, timings);
        var tick = new Tick(world, all, worker);
        await Parallel.ForAsync(0, connections, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel }, async (_, _) => tick.Ids.Add(await worker.Caller.ConnectAsync()));
        await tick.WaitUntilDueAsync();
        return tick;
    }

    /// <summary>Fires the timer, and returns when so many refreshes have reached finX, which answers each after a delay.</summary>
    /// <param name="held">Where given, finX answers when this is done.</param>
    public async Task BeginAsync(TimeSpan delay, int reached = 1, Task? held = null)
    {
        // The rule that is there first takes its calls first: the last of the calls waited for says that it is there.
        var last = Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.refresh", Skip = reached - 1, DelayAfter = delay, HoldAfter = held });
        Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.refresh", DelayAfter = delay, HoldAfter = held, Times = null });
        await Worker.Caller.FireTimerAsync();
        await last.Reached.WaitAsync(Cancel);
    }

    /// <summary>Lets another worker bring every connection on, until each has new tokens or has ended.</summary>
    /// <returns>The connections that have ended.</returns>
    public async Task<IReadOnlyList<string>> FindEndedAsync()
    {
        Sandbox.Faults.Clear();
        await using var next = await WorkerUnderTest.StartAsync(_world, _settings);
        ConcurrentDictionary<string, string> settled = new();
        await Eventually.UntilAsync(async () =>
        {
            await next.Caller.FireTimerAsync();
            foreach (var id in Ids.Where(id => !settled.ContainsKey(id)))
            {
                var connection = await next.Caller.GetConnectionAsync(id);
                if (IsSettled(connection))
                    settled[id] = connection.Text("status");
            }
            return settled.Count == Ids.Count;
        });
        foreach (var id in Ids.Where(id => settled[id] == "active"))
        {
            using var token = await next.Caller.AskTokenAsync(id);
            Assert.Contains(FinxSandbox.Calls.TokenHash.Of((await token.JsonAsync()).Text("access_token")), Sandbox.Connections().SelectMany(family => family.LiveAccessTokens));
        }
        return [.. Ids.Where(id => settled[id] != "active")];
    }

    /// <summary>Asserts that finX saw no refresh token twice.</summary>
    public void AssertNonePresentedTwice() =>
        Assert.All(Sandbox.Journal.Of("token.refresh").GroupBy(call => call.Presented), presented => Assert.Single(presented));

    public async ValueTask DisposeAsync()
    {
        Sandbox.Faults.Clear();
        await Worker.DisposeAsync();
        await _world.DisposeAsync();
    }

    private static bool IsSettled(JsonObject connection) => connection.Text("status") != "active" || connection.Number("generation") > 1;

    private async Task WaitUntilDueAsync()
    {
        foreach (var id in Ids)
        {
            var due = (await Worker.Caller.GetConnectionAsync(id))["next_rotation_at"]!.GetValue<DateTimeOffset>() - DateTimeOffset.UtcNow;
            if (due > TimeSpan.Zero)
                await Task.Delay(due + TimeSpan.FromMilliseconds(10), Cancel);
        }
    }
}
