namespace FinxFunctions.Simulation.Tests.Exhaustive;

/// <summary>All schedules within a bound.</summary>
internal static class ScheduleSpace
{
    /// <summary>The pairs of work that meet in practice. What begins second may come at any call of what began first.</summary>
    public static IReadOnlyList<(Work First, Work Second)> Pairs { get; } =
    [
        (Work.GetToken, Work.GetToken),
        (Work.GetToken, Work.Return),
        (Work.Return, Work.GetToken),
        (Work.Return, Work.Return),
        (Work.GetToken, Work.Delete),
        (Work.Delete, Work.GetToken),
        (Work.Delete, Work.Return),
        (Work.Tick, Work.GetToken),
        (Work.Tick, Work.Return),
    ];

    private static readonly TimeSpan[] Skews = [TimeSpan.Zero, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(-2)];

    /// <summary>Every schedule of a pair with exactly so many faults.</summary>
    /// <param name="calls">How many calls each process makes without faults.</param>
    /// <param name="offsets">At which calls of the first process the second one begins.</param>
    public static IEnumerable<Schedule> Of(Work first, Work second, (int First, int Second) calls, IReadOnlyList<int> offsets, int faults)
    {
        var single = (from kind in Enum.GetValues<FaultKind>()
                      from place in Enumerable.Range(0, calls.First).Select(call => (Process: 0, Call: call)).Concat(Enumerable.Range(0, calls.Second).Select(call => (Process: 1, Call: call)))
                      select new ScheduledFault(place.Process, place.Call, kind)).ToList();
        var sets = faults switch
        {
            0 => [[]],
            1 => single.Select(fault => (IReadOnlyList<ScheduledFault>)[fault]),
            _ => from a in Enumerable.Range(0, single.Count)
                 from b in Enumerable.Range(a + 1, single.Count - a - 1)
                 where (single[a].Process, single[a].Call) != (single[b].Process, single[b].Call)
                 select (IReadOnlyList<ScheduledFault>)[single[a], single[b]],
        };

        // A wrong clock counts as a fault.
        var skewed = faults switch
        {
            0 => [],
            1 => from skew in Skews.Skip(1) select (Skew: skew, Faults: (IReadOnlyList<ScheduledFault>)[]),
            _ => from skew in Skews.Skip(1) from fault in single select (Skew: skew, Faults: (IReadOnlyList<ScheduledFault>)[fault]),
        };
        return from set in sets.Select(set => (Skew: TimeSpan.Zero, Faults: set)).Concat(skewed)
               from offset in offsets
               select new Schedule(first, second, offset, set.Skew, set.Faults);
    }
}
