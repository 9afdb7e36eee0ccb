using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using FinxFunctions.Tests.Faults.CrashPoints.Operations;
using FinxFunctions.Tests.Faults.Proof;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.Tests.Faults.CrashPoints;

/// <summary>
/// A host is killed at every call that it makes: before the call goes out, and after it took effect but before its answer is seen. Then
/// another comes, time passes, people ask again, and nothing is lost. The calls are found by running.
/// </summary>
/// <remarks>
/// By default every point of the two operations that spend a token on somebody's behalf, and some of the others, drawn by the seed that is
/// printed (<c>CRASH_SEED</c> repeats it). <c>CRASH_POINTS=all</c> runs all of them; <c>CRASH_TABLE</c> names a file for the result.
/// </remarks>
[Collection("Faults")]
public sealed class CrashPointTests(Storage storage, CrashTable table, ITestOutputHelper output)
{
    /// <summary>Most of a run is waiting for leases to end.</summary>
    private const int Lanes = 5;

    private const int Sample = 2;

    /// <summary>Hosts of all operations that live at once: more, and what a machine is too busy for is all that is learnt.</summary>
    private static readonly SemaphoreSlim Room = new(8 * Environment.ProcessorCount);

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

    /// <summary>A provider that forgives makes a difference only where an answer can be lost on its way.</summary>
    public static TheoryData<string, RefreshTokenReuse> Cases =>
    [
        .. Operations.Keys.Select(operation => (operation, RefreshTokenReuse.Dead)),
        ("get a token", RefreshTokenReuse.Grace),
        .. Operations.Keys.Where(operation => IsComplete && operation is not "get a token").Select(operation => (operation, RefreshTokenReuse.Grace)),
    ];

    [Theory, MemberData(nameof(Cases))]
    public async Task Wherever_a_host_dies_nothing_is_lost(string operation, RefreshTokenReuse reuse)
    {
        IReadOnlyList<CrashPoint> all = [];
        await InLaneAsync(operation, reuse, async lane => all = await lane.PointsAsync());
        ConcurrentQueue<CrashPoint> points = new(Choose(operation, reuse, all));
        ConcurrentBag<CrashResult> results = [];
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Lanes, points.Count)).Select(_ => InLaneAsync(operation, reuse, async lane =>
        {
            while (points.TryDequeue(out var point))
                results.Add(await lane.DieAtAsync(point));
        })));

        var ordered = results.OrderBy(result => result.Point.Call).ThenBy(result => result.Point.Moment).ToList();
        output.WriteLine($"seed {Seed}");
        foreach (var result in ordered)
            output.WriteLine($"{result.Ending,-12} {result.Point}{(result.Tries > 1 ? $" (try {result.Tries}: the machine was too busy)" : "")}");
        output.WriteLine(table.Add(operation, reuse.ToString(), all.Count, ordered));
        Assert.All(ordered, result => Assert.True(result.Ending is CrashOutcome.Survived or CrashOutcome.Unavoidable, $"{operation}, {reuse}, {result.Point}: {result.Ending}\n{result.Detail}"));
        if (reuse is RefreshTokenReuse.Grace && operation is not ("callback" or "renew"))
            Assert.DoesNotContain(ordered, result => result.Ending is CrashOutcome.Unavoidable);
    }

    private async Task InLaneAsync(string operation, RefreshTokenReuse reuse, Func<CrashSequence, Task> work)
    {
        await Room.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await using var lane = new CrashSequence(storage, reuse, Operations[operation]);
            await work(lane);
        }
        finally
        {
            Room.Release();
        }
    }

    private static IReadOnlyList<CrashPoint> Choose(string operation, RefreshTokenReuse reuse, IReadOnlyList<CrashPoint> all)
    {
        if (IsComplete)
            return all;

        // Either people ask again or they do not: half of the points each.
        var half = all.Where(point => point.IsAsked == ((point.Call + (int)point.Moment + Seed) % 2 == 0)).ToList();
        var random = new Random(Seed);
        return (operation, reuse) switch
        {
            ("get a token" or "callback", RefreshTokenReuse.Dead) => half,
            (_, RefreshTokenReuse.Grace) => [.. all.Where(point => point.LosesAnswer)],
            _ => [.. half.OrderBy(_ => random.Next()).Take(Sample)],
        };
    }
}
