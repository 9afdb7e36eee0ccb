using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.Benchmarks.InMemory;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>A tick costs what is due, not what exists.</summary>
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
            var world = new MemoryWorld(new DelayLine(TimeProvider.System, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero), TimeProvider.System);
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
        var times = worlds.Select(_ => new List<double>()).ToArray();
        for (var round = -5; round < rounds; round++)
        {
            run.Tell($"round {Math.Max(0, round) + 1} of {rounds}");
            for (var turn = 0; turn < worlds.Count; turn++)
            {
                var which = (turn + rounds + round) % worlds.Count;
                var time = await worlds[which].TimeTickAsync(Due);
                if (round >= 0)
                    times[which].Add(time);
            }
        }

        run.Tell("");
        for (var which = 0; which < worlds.Count; which++)
        {
            finding.Add(Figure.Time($"among {Text.Count(Connections[which])}", new Samples(times[which])));
            await worlds[which].DisposeAsync();
        }

        for (var which = 1; which < worlds.Count; which++)
        {
            var ratio = new Samples(times[which].Zip(times[0], (many, few) => many / few));
            finding.Add(Figure.AtMost($"among {Text.Count(Connections[which])} / among 1,000", ratio, 1.10, isHeadline: which == worlds.Count - 1));
        }

        finding.Notes.Add("Rows made directly, in the simulation's tables in memory, which find a range of keys as Table Storage does, by the order of the keys. Nothing waits in them, so the times are the processor's alone, and any cost that grew with the number of connections would show. Azurite is left out here: it looks through every row of a table for each query, and is itself what would grow.");
    }
}
