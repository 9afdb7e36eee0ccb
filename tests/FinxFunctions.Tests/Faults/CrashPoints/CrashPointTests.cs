using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using FinxFunctions.Tests.Faults.CrashPoints.Operations;
using FinxFunctions.Tests.Faults.Proof;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.Tests.Faults.CrashPoints;

/// <summary>
/// A host is killed at every call that it makes: before the call goes out, and after it took effect but before its answer is seen. Then
/// another host takes over, time passes, people ask again, and nothing is lost. The calls are found by running.
/// </summary>
/// <remarks>
/// The default run has one point of one operation. The long form, <c>--explicit only</c>, has up to 8 points of each (<c>CRASH_SAMPLE</c>), and all of them
/// with <c>CRASH_POINTS=all</c>. The printed seed repeats a selection: <c>CRASH_SEED</c>. <c>CRASH_TABLE</c> names a file for the result.
/// </remarks>
[Collection("Faults")]
public sealed class CrashPointTests(Storage storage, CrashTable table, ITestOutputHelper output)
{
    /// <summary>Worlds of one operation beside each other. Most of a run is waiting for leases to expire.</summary>
    private const int Worlds = 5;

    /// <summary>Points of one operation, unless all are wanted.</summary>
    private static readonly int Sample = int.TryParse(Environment.GetEnvironmentVariable("CRASH_SAMPLE"), NumberStyles.None, CultureInfo.InvariantCulture, out var sample) ? sample : 8;

    /// <summary>Hosts of all operations that live at once. More of them would only slow each other down.</summary>
    private static readonly SemaphoreSlim Hosts = new(4 * Environment.ProcessorCount);

    private static readonly bool IsComplete = Environment.GetEnvironmentVariable("CRASH_POINTS") == "all";

    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("CRASH_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
        ? seed
        : (int)(Stopwatch.GetTimestamp() % 1_000_000);

    private static readonly Dictionary<string, Func<Operation>> Operations = new()
    {
        ["create a link"] = () => new CreatingALink(),
        ["callback"] = () => new ComingBack(),
        ["get a token"] = () => new GettingAToken(),
        ["get a token, cold"] = () => new GettingATokenCold(),
        ["tick, three due"] = () => new Ticking(),
        ["renew"] = () => new Renewing(),
        ["delete"] = () => new Deleting(),
    };

    /// <summary>A provider that honours a token again makes a difference only where an answer can be lost on its way.</summary>
    private static IEnumerable<(string Operation, RefreshTokenReuse Reuse)> Cases =>
    [
        .. Operations.Keys.Select(operation => (operation, RefreshTokenReuse.Dead)),
        ("get a token", RefreshTokenReuse.Grace),
        .. Operations.Keys.Where(operation => IsComplete && operation is not "get a token").Select(operation => (operation, RefreshTokenReuse.Grace)),
    ];

    [Theory]
    [InlineData("get a token", RefreshTokenReuse.Dead)]
    public Task Where_a_host_dies_nothing_is_lost(string operation, RefreshTokenReuse reuse) =>
        DieAsync(operation, reuse, points => [points[Seed % points.Count]]);

    [Fact(Explicit = true)]
    public Task Wherever_a_host_dies_nothing_is_lost() => Task.WhenAll(Cases.Select(tried => DieAsync(tried.Operation, tried.Reuse, points => Choose(tried.Reuse, points))));

    private static IReadOnlyList<CrashPoint> Choose(RefreshTokenReuse reuse, IReadOnlyList<CrashPoint> points)
    {
        if (IsComplete)
            return points;

        // Either people ask again or they do not: half of the points each.
        var chosen = points.Where(point => reuse is RefreshTokenReuse.Grace ? point.LosesAnswer : point.IsAsked == ((point.Call + (int)point.Moment + Seed) % 2 == 0)).ToArray();
        new Random(Seed).Shuffle(chosen);
        return [.. chosen.Take(Sample)];
    }

    private async Task DieAsync(string operation, RefreshTokenReuse reuse, Func<IReadOnlyList<CrashPoint>, IReadOnlyList<CrashPoint>> choose)
    {
        IReadOnlyList<CrashPoint> all = [];
        await InWorldAsync(operation, reuse, async sequence => all = await sequence.PointsAsync());
        ConcurrentQueue<CrashPoint> points = new(choose(all));
        ConcurrentBag<CrashResult> results = [];
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Worlds, points.Count)).Select(_ => InWorldAsync(operation, reuse, async sequence =>
        {
            while (points.TryDequeue(out var point))
                results.Add(await sequence.DieAtAsync(point));
        })));

        var ordered = results.OrderBy(result => result.Point.Call).ThenBy(result => result.Point.Moment).ToList();
        output.WriteLine($"{operation}, {reuse}, seed {Seed}");
        foreach (var result in ordered)
            output.WriteLine($"{result.Outcome,-12} {result.Point}{(result.Factor > 1 ? $" (times multiplied by {result.Factor}: the machine was slow)" : "")}");
        output.WriteLine(table.Add(operation, reuse.ToString(), all.Count, ordered));
        Assert.All(ordered, result => Assert.True(result.Outcome is CrashOutcome.Survived or CrashOutcome.Unavoidable, $"{operation}, {reuse}, {result.Point}: {result.Outcome}\n{result.Detail}"));
        if (reuse is RefreshTokenReuse.Grace && operation is not ("callback" or "renew"))
            Assert.DoesNotContain(ordered, result => result.Outcome is CrashOutcome.Unavoidable);
    }

    private async Task InWorldAsync(string operation, RefreshTokenReuse reuse, Func<CrashSequence, Task> work)
    {
        await Hosts.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await using var sequence = new CrashSequence(storage, reuse, Operations[operation]);
            await work(sequence);
        }
        finally
        {
            Hosts.Release();
        }
    }
}
