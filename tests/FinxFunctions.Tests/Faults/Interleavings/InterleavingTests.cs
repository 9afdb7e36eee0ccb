using System.Collections.Concurrent;
using System.Globalization;
using CsCheck;
using FinxFunctions.Tests.Faults.Proof;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>
/// Three hosts over the same tables, vault and finX are asked for the same at the same time, while calls arrive late, answers come too late,
/// and processes stand still past the end of their leases. Whatever the history, the invariants hold.
/// </summary>
/// <remarks>
/// A history that breaks one is shortened, thing by thing, and printed with the seed that repeats it: INTERLEAVINGS_SEED. For the long form
/// INTERLEAVINGS_ROUNDS says how many histories (200), INTERLEAVINGS_STAGES how many beside each other (3).
/// </remarks>
[Collection("Faults")]
public sealed class InterleavingTests(Storage storage, ITestOutputHelper output)
{
    private const int ShortRounds = 2;
    private const int Stages = 3;

    private readonly ConcurrentBag<InterleavingRun> _stages = [];
    private readonly ConcurrentBag<(History History, InterleavingResult Play)> _plays = [];
    private int _isBroken;

    [Fact(DisableParallelization = true)]
    public Task However_hosts_interleave_nothing_is_lost() => PlayAsync(ShortRounds, Stages);

    [Fact(Explicit = true, DisableParallelization = true)]
    public Task However_hosts_interleave_in_the_long_run_nothing_is_lost() => PlayAsync(Setting("INTERLEAVINGS_ROUNDS", 200), Setting("INTERLEAVINGS_STAGES", Stages));

    private async Task PlayAsync(int rounds, int stages)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells which process made a call.");
        try
        {
            await Parallel.ForEachAsync(Histories.Known, new ParallelOptions { MaxDegreeOfParallelism = stages }, async (history, _) => await PlayAsync(history));
            await Histories.All.SampleAsync(
                PlayAsync,
                output.WriteLine,
                seed: Environment.GetEnvironmentVariable("INTERLEAVINGS_SEED"),
                iter: rounds,
                threads: stages,
                print: history => history.ToString());
        }
        finally
        {
            foreach (var scenario in _stages)
                await scenario.DisposeAsync();
            output.WriteLine("| a used refresh token is honoured | histories | disturbances | presentations | replays | taken over | kept late | answers nobody saw | connections ended by that |");
            output.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
            foreach (var plays in _plays.GroupBy(play => play.History.Reuse, play => play.Play).OrderBy(plays => plays.Key))
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {(plays.Key is RefreshTokenReuse.Grace ? "for a while" : "never")} | {plays.Count()} | {plays.Sum(play => play.Disturbances)} | {plays.Sum(play => play.Presentations)} | {plays.Sum(play => play.Replays)} | {plays.Sum(play => play.TakeOvers)} | {plays.Sum(play => play.KeptLate)} | {plays.Sum(play => play.LostOnTheWay)} | {plays.Sum(play => play.Ended)} |"));
        }
    }

    private async Task PlayAsync(History history)
    {
        // One history that breaks something is enough.
        if (_isBroken > 0)
            return;

        var scenario = _stages.TryTake(out var free) ? free : new InterleavingRun(storage);
        try
        {
            var play = await scenario.PlayAsync(history);
            _plays.Add((history, play));
            if (play.Findings.Count == 0 || Interlocked.Exchange(ref _isBroken, 1) > 0)
                return;

            (history, play) = await ShortenAsync(scenario, history, play);
            Assert.Fail($"{string.Join('\n', play.Findings)}\n\n{history}\n\n{play.Detail}");
        }
        finally
        {
            _stages.Add(scenario);
        }
    }

    /// <summary>Leaves out thing after thing for as long as something still breaks. Time is real, so a history gets two chances to break it.</summary>
    private async Task<(History History, InterleavingResult Play)> ShortenAsync(InterleavingRun scenario, History history, InterleavingResult play)
    {
        output.WriteLine($"{history}\n{string.Join('\n', play.Findings)}\n");
        foreach (var shorter in history.Shorter().SelectMany(shorter => (History[])[shorter, shorter]))
        {
            if (await scenario.PlayAsync(shorter) is { Findings.Count: > 0 } again)
                return await ShortenAsync(scenario, shorter, again);
        }

        return (history, play);
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
