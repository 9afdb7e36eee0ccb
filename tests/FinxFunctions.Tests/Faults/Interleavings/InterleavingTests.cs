using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using FinxFunctions.Tests.Faults.Proof;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>
/// Three hosts over the same tables, vault and finX are asked for the same at the same time, while calls arrive late, answers come too late,
/// and processes are stopped for longer than their leases. The invariants hold in every history.
/// </summary>
/// <remarks>
/// A history that breaks an invariant is shortened step by step and printed with the seed that repeats it: INTERLEAVINGS_SEED. For the long
/// form, <c>--explicit only</c>, INTERLEAVINGS_ROUNDS is the number of random histories (200) and INTERLEAVINGS_WORLDS the number of histories
/// at a time (3).
/// </remarks>
[Collection("Faults")]
public sealed class InterleavingTests(Storage storage, ITestOutputHelper output)
{
    private const int Worlds = 3;

    private readonly ConcurrentBag<InterleavingRun> _runs = [];
    private readonly ConcurrentBag<(History History, InterleavingResult Play)> _plays = [];
    private int _isBroken;

    [Fact(DisableParallelization = true)]
    public Task When_hosts_interleave_nothing_is_lost() => PlayAsync(known: 1, rounds: 1, worlds: 1);

    [Fact(Explicit = true, DisableParallelization = true)]
    public Task However_hosts_interleave_nothing_is_lost() => PlayAsync(Histories.Known.Count, Setting("INTERLEAVINGS_ROUNDS", 200), Setting("INTERLEAVINGS_WORLDS", Worlds));

    private async Task PlayAsync(int known, int rounds, int worlds)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells which process made a call.");
        try
        {
            await Parallel.ForEachAsync(Histories.Known.Take(known), new ParallelOptions { MaxDegreeOfParallelism = worlds }, async (history, _) => await PlayAsync(history));
            await Histories.All.SampleAsync(
                PlayAsync,
                output.WriteLine,
                seed: Environment.GetEnvironmentVariable("INTERLEAVINGS_SEED"),
                iter: rounds,
                threads: worlds,
                print: history => history.ToString());
        }
        finally
        {
            foreach (var run in _runs)
                await run.DisposeAsync();
            output.WriteLine("| a used refresh token is honoured | histories | faults | presentations | replays | taken over | persisted late | answers lost | connections ended by that |");
            output.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
            foreach (var plays in _plays.GroupBy(play => play.History.Reuse, play => play.Play).OrderBy(plays => plays.Key))
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {(plays.Key is RefreshTokenReuse.Grace ? "for a while" : "never")} | {plays.Count()} | {plays.Sum(play => play.Faults)} | {plays.Sum(play => play.Presentations)} | {plays.Sum(play => play.Replays)} | {plays.Sum(play => play.TakeOvers)} | {plays.Sum(play => play.PersistedLate)} | {plays.Sum(play => play.LostOnTheWay)} | {plays.Sum(play => play.Ended)} |"));
        }
    }

    private async Task PlayAsync(History history)
    {
        // One history that breaks something is enough.
        if (_isBroken > 0)
            return;

        var run = _runs.TryTake(out var free) ? free : new InterleavingRun(storage);
        try
        {
            var play = await run.PlayAsync(history);
            _plays.Add((history, play));
            if (play.Findings.Count == 0 || Interlocked.Exchange(ref _isBroken, 1) > 0)
                return;

            (history, play) = await ShortenAsync(run, history, play);
            Assert.Fail($"{string.Join('\n', play.Findings)}\n\n{history}\n\n{play.Detail}");
        }
        finally
        {
            _runs.Add(run);
        }
    }

    /// <summary>Leaves out one thing after another while an invariant still breaks. Time is real, so each history is tried twice.</summary>
    private async Task<(History History, InterleavingResult Play)> ShortenAsync(InterleavingRun run, History history, InterleavingResult play)
    {
        output.WriteLine($"{history}\n{string.Join('\n', play.Findings)}\n");
        foreach (var shorter in history.Shorter().SelectMany(shorter => (History[])[shorter, shorter]))
        {
            if (await run.PlayAsync(shorter) is { Findings.Count: > 0 } again)
                return await ShortenAsync(run, shorter, again);
        }

        return (history, play);
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
