using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.Benchmarks.InMemory;
using FinxFunctions.Rotation;
using FinxFunctions.StandIns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>finX returns after an hour: whether the backlog drains at the configured rate, and in which order.</summary>
internal sealed class Recovery : Subject
{
    private static readonly DateTimeOffset Start = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Outage = TimeSpan.FromHours(1);
    private static readonly TimeSpan Schedule = TimeSpan.FromMinutes(5);

    public override string Name => "recovery";

    public override string Title => "recovery after finX was down for an hour, with 100,000 connections due";

    public override async Task MeasureAsync(Run run, Finding finding)
    {
        var due = run.Rounds(100_000, 40_000);
        var time = new VirtualTime(Start);
        var line = DelayedNetwork.Distant(time);
        line.IsFinxDown = true;
        await using var world = new MemoryWorld(line, time, vaults: 1, new() { ["Tokens:TickConcurrency"] = "16", ["Tokens:TickRefreshesPerSecond"] = "20" });
        var options = world.Services.GetRequiredService<IOptions<TokenOptions>>().Value;

        // All become due while finX is down, in an order that is independent of their ids.
        var deadlines = new Dictionary<string, DateTimeOffset>();
        for (var made = 0; made < due; made++)
        {
            var dueAt = Start + (Outage * made / due);
            deadlines[await world.AddDueAsync(dueAt, dueAt.AddDays(45))] = dueAt.AddDays(45);
            if (made % 10_000 == 0)
                run.Tell($"making {Text.Count(due)} connections: {Text.Count(made)}");
        }

        List<(DateTimeOffset At, string Id, bool IsUp)> calls = [];
        line.Sent = call =>
        {
            if (call.Service is Service.Finx)
                calls.Add((time.GetUtcNow(), call.ConnectionId, !line.IsFinxDown));
        };

        time.Run(async () =>
        {
            while (calls.Count(call => call.IsUp) < due)
            {
                var tick = time.GetUtcNow();
                line.IsFinxDown = tick < Start + Outage;
                run.Tell($"{tick:HH:mm}: {Text.Count(calls.Count(call => call.IsUp))} of {Text.Count(due)} refreshed");
                await world.TickAsync();
                if (tick > Start.AddDays(2))
                    throw new InvalidOperationException("The backlog does not drain.");
                if (time.GetUtcNow() < tick + Schedule)
                    await Task.Delay(tick + Schedule - time.GetUtcNow(), time);
            }
        });
        run.Tell("");

        var back = Start + Outage;
        var up = calls.Where(call => call.IsUp).ToList();
        var perTick = options.TickRefreshesPerSecond * options.TickBudget.TotalSeconds;
        var bound = Schedule * Math.Ceiling(due / perTick);
        var drained = up[^1].At - back;
        var busiest = calls.GroupBy(call => call.At.UtcTicks / TimeSpan.TicksPerSecond).Max(second => second.Count());
        var pairs = up.Zip(up.Skip(1)).ToList();
        var inOrder = pairs.Count(pair => deadlines[pair.First.Id] <= deadlines[pair.Second.Id]) / (double)pairs.Count;

        finding.Add(new Figure($"time to drain {Text.Count(due)} / what the configured rate gives", Text.Ratio(drained / bound), Goal: "≤ 1.05", IsMet: drained / bound <= 1.05, IsHeadline: true));
        finding.Add(new Figure("time to drain", $"{drained.TotalMinutes:0} min of {bound.TotalMinutes:0}"));
        finding.Add(new Figure("refreshes followed by one of the same or a later deadline", $"{inOrder * 100:0.00} %", Goal: "≥ 99 %", IsMet: inOrder >= 0.99, IsHeadline: true));
        finding.Add(new Figure("calls to finX in the busiest second", Text.Count(busiest), Goal: $"≤ {2 * options.TickRefreshesPerSecond}", IsMet: busiest <= 2 * options.TickRefreshesPerSecond, IsHeadline: true));
        finding.Add(new Figure("calls to finX in the hour that it was down", Text.Count(calls.Count - up.Count)));
        finding.Pictures["recovery.svg"] = Chart.Lines(
            "finX down for an hour, 100,000 due: backlog and refreshes".Replace("100,000", Text.Count(due), StringComparison.Ordinal),
            "hours since finX went down",
            ("backlog", Backlog(due, up)),
            ("refreshes a second", PerSecond(up)));
        finding.Notes.Add($"The timer's own code in virtual time over stores in memory: tables in 4 ms, vault in 12 ms, finX in 100 ms, one vault, the default rate of {options.TickRefreshesPerSecond} refreshes a second. A tick runs every five minutes and starts new work for {options.TickBudget.TotalMinutes:0} of them, so the configured rate is {Text.Count(perTick)} refreshes a tick. While finX is down the circuit lets one probe through every ten seconds. A connection that waits keeps its place.");
    }

    private static IEnumerable<(double X, double Y)> Backlog(int due, IReadOnlyList<(DateTimeOffset At, string Id, bool IsUp)> up)
    {
        for (var minute = 0; minute <= (up[^1].At - Start).TotalMinutes + 1; minute++)
        {
            var at = Start.AddMinutes(minute);
            var come = Math.Min(due, due * minute / Outage.TotalMinutes);
            yield return (minute / 60.0, come - up.Count(call => call.At <= at));
        }
    }

    private static IEnumerable<(double X, double Y)> PerSecond(IReadOnlyList<(DateTimeOffset At, string Id, bool IsUp)> up)
    {
        for (var minute = 0; minute <= (up[^1].At - Start).TotalMinutes + 1; minute++)
            yield return (minute / 60.0, up.Count(call => call.At >= Start.AddMinutes(minute) && call.At < Start.AddMinutes(minute + 1)) / 60.0);
    }
}
