using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.Benchmarks.InMemory;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>The time of a tick depends on how many connections are due, not on how many exist.</summary>
internal sealed class TickAmongMany : Subject
{
    private const int Due = 100;

    private static readonly int[] Connections = [1_000, 100_000, 1_000_000];

    public override string Name => "tick-among";

    public override string Title => "a tick with 100 due among 1,000, 100,000 and 1,000,000 connections";

    public override async Task MeasureAsync(Run run, Finding finding)
    {
        var worlds = new List<MemoryWorld>();
        foreach (var connections in Connections)
        {
            var world = new MemoryWorld(DelayedNetwork.Distant(TimeProvider.System), TimeProvider.System);
            worlds.Add(world);
            var now = DateTimeOffset.UtcNow;
            for (var made = 0; made < connections - Due; made++)
            {
                await world.AddIdleAsync(now.AddHours(1).AddDays(45.0 * made / connections));
                if (made % 50_000 == 0)
                    run.Tell($"making {Text.Count(connections)} connections: {Text.Count(made)}");
            }
        }

        GC.Collect();
        var rounds = run.Rounds(60, 25);
        var ticks = await TimeAsync(run, worlds, rounds, isInstant: false);
        var work = await TimeAsync(run, worlds, rounds, isInstant: true);
        foreach (var world in worlds)
            await world.DisposeAsync();

        Tell(finding, ticks, "tables in 4 ms, vault in 12 ms, finX in 100 ms", 1.10);
        Tell(finding, work, "all at once", null);
        finding.Notes.Add("The rows are in the simulation's tables in memory, which find a range of keys by the order of the keys, as Table Storage does. One more query or page would add milliseconds. \"All at once\": the stores answer without delay, and the times are processor time, with the search in memory. Azurite is not used here: it reads every row of a table for each query, so its own time would grow.");
    }

    private static async Task<IReadOnlyList<double>[]> TimeAsync(Run run, List<MemoryWorld> worlds, int rounds, bool isInstant)
    {
        var times = worlds.Select(_ => new List<double>()).ToArray();
        for (var round = -5; round < rounds; round++)
        {
            run.Tell($"{(isInstant ? "at once" : "at a distance")}: round {Math.Max(0, round) + 1} of {rounds}");
            for (var turn = 0; turn < worlds.Count; turn++)
            {
                var which = (turn + rounds + round) % worlds.Count;
                worlds[which].Line.IsInstant = isInstant;
                var time = await worlds[which].TimeTickAsync(Due);
                if (round >= 0)
                    times[which].Add(time);
            }
        }

        run.Tell("");
        return times;
    }

    private static void Tell(Finding finding, IReadOnlyList<double>[] times, string how, double? goal)
    {
        for (var which = 0; which < times.Length; which++)
            finding.Add(Figure.Time($"among {Text.Count(Connections[which])}, {how}", new Samples(times[which])));
        for (var which = 1; which < times.Length; which++)
        {
            var ratio = new Samples(times[which].Zip(times[0], (many, few) => many / few));
            finding.Add(Figure.AtMost($"among {Text.Count(Connections[which])} / among 1,000, {how}", ratio, goal, isHeadline: which == times.Length - 1));
        }
    }
}
