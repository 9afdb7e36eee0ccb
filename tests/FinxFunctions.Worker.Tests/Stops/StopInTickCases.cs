using System.Runtime.InteropServices;
using FinxFunctions.Worker.Tests.Cases;
using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;

namespace FinxFunctions.Worker.Tests.Stops;

/// <summary>The worker is told to stop in the middle of a tick, as the Functions host does it and with its timings, or by a signal.</summary>
public sealed class StopInTickCases(SharedHosts hosts) : HostCases(hosts)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Dictionary<string, string?> Settings = new() { ["Finx__TokenTimeout"] = "00:00:10", ["Tokens__Lease"] = "00:00:20" };

    [Fact]
    public async Task A_stop_of_the_host_waits_for_a_tick_that_ends_in_time()
    {
        SkipElsewhere();
        await using var tick = await Tick.PrepareAsync(Hosts.Tables, new() { Drain = Patience, TerminateGrace = Patience }, Settings);
        await tick.BeginAsync(TimeSpan.Zero);

        Assert.Equal(tick.Ids.Count, await AssertStopLosesNothingAsync(tick));
    }

    // 24 refreshes, 4 at a time, each of 2 s: the tick takes 12 s or more, and the host cancels it after 4. The grace after that is long here,
    // so that a slow machine does not end the worker first.
    [Fact]
    public async Task A_stop_of_the_host_in_a_longer_tick_loses_nothing_and_the_tick_does_not_fail()
    {
        SkipElsewhere();
        await using var tick = await Tick.PrepareAsync(Hosts.Tables, new() { Drain = TimeSpan.FromSeconds(4), TerminateGrace = Patience }, Settings, connections: 24);
        await tick.BeginAsync(TimeSpan.FromSeconds(2));

        await AssertStopLosesNothingAsync(tick);
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM, 0)]
    [InlineData(PosixSignal.SIGTERM, 3)]
    [InlineData(PosixSignal.SIGINT, 3)]
    public async Task A_signal_to_the_worker_loses_nothing(PosixSignal signal, int finxSeconds)
    {
        SkipElsewhere();
        await using var tick = await Tick.PrepareAsync(Hosts.Tables, null, new(Settings) { ["Tokens__TickConcurrency"] = "16" }, connections: 24);
        await tick.BeginAsync(TimeSpan.FromSeconds(finxSeconds), reached: 10);

        tick.Worker.Host.SignalWorker(signal);
        await tick.Worker.AssertEndedAsync();

        Assert.Empty(await tick.FindEndedAsync());
        tick.AssertNonePresentedTwice();
    }

    [Fact]
    public async Task After_a_signal_no_new_refresh_begins_and_the_tick_is_recorded_as_stopped()
    {
        SkipElsewhere();
        await using var collector = await Collector.StartAsync(Cancel);
        await using var tick = await Tick.PrepareAsync(Hosts.Tables, null, new(Settings.Concat(collector.Settings)));
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await tick.BeginAsync(TimeSpan.Zero, reached: Tick.Concurrency, answer.Task);

        tick.Worker.Host.SignalWorker(PosixSignal.SIGTERM);
        await tick.Worker.Log.WaitForAsync(line => line.Contains("shutting down", StringComparison.Ordinal), Cancel);
        answer.SetResult();
        await tick.Worker.Host.WorkerExited.WaitAsync(Cancel);

        Assert.Equal(Tick.Concurrency, tick.Presented);
        Assert.Contains("stopped", collector.Metrics.ToString(), StringComparison.Ordinal);
        Assert.Contains("Tick: ", collector.Logs.ToString(), StringComparison.Ordinal);
        Assert.Empty(await tick.FindEndedAsync());
        tick.AssertNonePresentedTwice();
    }

    // The host waits 1 s, then 2 s; finX holds its answers back until the worker has been killed.
    [Fact]
    public async Task Where_finX_is_slower_than_the_grace_only_answers_that_were_on_their_way_are_lost()
    {
        SkipElsewhere();
        await using var tick = await Tick.PrepareAsync(Hosts.Tables, new() { Drain = TimeSpan.FromSeconds(1), TerminateGrace = TimeSpan.FromSeconds(2) }, Settings);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await tick.BeginAsync(TimeSpan.Zero, reached: Tick.Concurrency, answer.Task);

        await tick.Worker.Host.StopAsync();
        answer.SetResult();

        Assert.Equal(Tick.Concurrency, tick.Presented);
        Assert.Equal(Tick.Concurrency, (await tick.FindEndedAsync()).Count);
        tick.AssertNonePresentedTwice();
    }

    [Fact]
    public async Task Where_the_worker_is_killed_only_answers_that_were_on_their_way_are_lost()
    {
        SkipElsewhere();
        await using var tick = await Tick.PrepareAsync(Hosts.Tables, null, Settings);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await tick.BeginAsync(TimeSpan.Zero, reached: Tick.Concurrency, answer.Task);

        var killed = tick.Worker.Host.WorkerExited;
        tick.Worker.Host.KillWorker();
        await killed.WaitAsync(Cancel);
        answer.SetResult();

        Assert.Equal(Tick.Concurrency, tick.Presented);
        Assert.Equal(Tick.Concurrency, (await tick.FindEndedAsync()).Count);
        tick.AssertNonePresentedTwice();
    }

    /// <returns>How many refreshes reached finX before the worker ended.</returns>
    private static async Task<int> AssertStopLosesNothingAsync(Tick tick)
    {
        await tick.Worker.Host.StopAsync();
        var presented = tick.Presented;

        await tick.Worker.AssertEndedAsync();
        Assert.Contains(tick.Worker.Host.Log.Lines, line => line.Contains("executed 'Functions.RotateRefreshTokens' (Succeeded", StringComparison.Ordinal));
        Assert.DoesNotContain(tick.Worker.Host.Log.Lines, line => line.Contains("killing the worker", StringComparison.Ordinal));
        Assert.Empty(await tick.FindEndedAsync());
        tick.AssertNonePresentedTwice();
        return presented;
    }

    private static void SkipElsewhere() => Assert.SkipWhen(ExternalHost.Address is not null, "The host runs elsewhere, and is not ours to stop.");
}
