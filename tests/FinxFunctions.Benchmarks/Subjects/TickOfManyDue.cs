using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.Benchmarks.InMemory;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>The time of a tick with many due connections, beside the bound that finX's speed and the concurrency set.</summary>
internal sealed class TickOfManyDue : Subject
{
    private const int Concurrency = 64;

    private static readonly TimeSpan Finx = TimeSpan.FromMilliseconds(100);

    public override string Name => "tick-due";

    public override string Title => "a tick with 10,000 due, concurrency 64, finX answering in 100 ms / the bound that those give";

    public override async Task MeasureAsync(Run run, Finding finding)
    {
        var due = run.Rounds(10_000, 10_000);
        var bound = (double)due / Concurrency * Finx.TotalSeconds;
        foreach (var (what, tables, vault, rounds, goal) in new[]
        {
            ("stores that answer at once", 0, 0, run.Rounds(3, 1), (double?)1.20),
            ("tables in 4 ms, vault in 12 ms", 4, 12, run.Rounds(3, 1), null),
        })
        {
            List<double> times = [];
            for (var round = 0; round < rounds; round++)
            {
                run.Tell($"{what}: round {round + 1} of {rounds}");
                times.Add(await TickAsync(due, TimeSpan.FromMilliseconds(tables), TimeSpan.FromMilliseconds(vault)));
            }

            run.Tell("");
            var ratio = new Samples(times.Select(time => time / bound));
            finding.Add(Figure.AtMost($"{Text.Count(due)} due / {Text.Time(bound)}, {what}", ratio, goal, isHeadline: true));
        }

        finding.Notes.Add("In the simulation's stores in memory. Azurite would be the limit: a refresh by the timer is eleven calls to it, and it answers one at a time.");
    }

    private static async Task<double> TickAsync(int due, TimeSpan tables, TimeSpan vault)
    {
        await using var world = new MemoryWorld(new DelayedNetwork(TimeProvider.System, tables, vault, Finx), TimeProvider.System);
        return await world.TimeTickAsync(due);
    }
}
