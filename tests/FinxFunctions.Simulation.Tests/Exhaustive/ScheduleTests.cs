using System.Collections.Concurrent;
using System.Diagnostics;

namespace FinxFunctions.Simulation.Tests.Exhaustive;

/// <summary>
/// Two processes, one connection: every schedule within a bound is run through the real code. The bound is: the second process begins at any
/// call of the first; up to so many calls, of either process, have a fault; a wrong clock counts as a fault.
/// </summary>
public sealed class ScheduleTests(ITestOutputHelper output)
{
    private const int Shown = 10;

    /// <summary>All pairs of work, without a fault.</summary>
    [Fact]
    public void No_schedule_without_a_fault_breaks_an_invariant() => Run(0, offset => true);

    /// <summary>All pairs of work, with one fault. SCHEDULES_EVERY: the second process begins at every so many calls only.</summary>
    [Fact(Explicit = true)]
    public void No_schedule_with_one_fault_breaks_an_invariant() => Run(1, IsChosen);

    /// <summary>All pairs of work, with two faults. SCHEDULES_EVERY as above.</summary>
    [Fact(Explicit = true)]
    public void No_schedule_with_two_faults_breaks_an_invariant() => Run(2, IsChosen);

    private static bool IsChosen(int offset) => !int.TryParse(Environment.GetEnvironmentVariable("SCHEDULES_EVERY"), out var every) || offset % every == 0;

    private void Run(int faults, Func<int, bool> isChosen)
    {
        ConcurrentBag<string> broken = [];
        var began = Stopwatch.GetTimestamp();
        var count = 0;
        foreach (var (first, second) in ScheduleSpace.Pairs)
        {
            var calls = ScheduleRun.Of(new Schedule(first, second, 0, TimeSpan.Zero, [])).Calls;
            int[] offsets = [.. Enumerable.Range(0, calls.First).Where(isChosen)];
            var schedules = ScheduleSpace.Of(first, second, calls, offsets, faults).ToList();
            Parallel.ForEach(schedules, schedule =>
            {
                if (ScheduleRun.Of(schedule).Broken is { } what)
                {
                    broken.Add($"{schedule}: {what}");
                }
            });
            count += schedules.Count;
            output.WriteLine($"{first} and {second}: {schedules.Count} schedules, {calls.First} and {calls.Second} calls");
        }

        output.WriteLine($"{count} schedules with {faults} faults in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s, {broken.Count} broken.");
        Assert.True(broken.IsEmpty, $"{broken.Count} of {count} broken, such as:{Environment.NewLine}{string.Join(Environment.NewLine, broken.Order(StringComparer.Ordinal).Take(Shown))}");
    }
}
