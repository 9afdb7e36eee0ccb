using FinxFunctions.Worker.Tests.Running;
using FunctionsHost;

namespace FinxFunctions.Worker.Tests.Hosts;

/// <summary>The built worker app under the Functions host in miniature.</summary>
internal sealed class WorkerUnderTest : HostUnderTest
{
    /// <summary>The real host kills a worker 5 s after it told it to end. A case that is not about that must not fail on a slow machine.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromMinutes(2);

    private const int MostStarts = 3;

    private WorkerUnderTest(World world, WorkerHost host) => (World, Host) = (world, host);

    public WorkerHost Host { get; }

    public override HostKind Kind => HostKind.Worker;

    public override Uri Address => Host.Address;

    public override string FunctionKey => Host.FunctionKey;

    public override string MasterKey => Host.MasterKey;

    public override Uri Sandbox => World!.Sandbox.FinxAddress;

    public override Transcript Output => Host.Output;

    public override Transcript Log => Host.WorkerLog;

    /// <summary>Starts a worker, and waits until its web server listens. One that lost its port to another process is started again.</summary>
    public static async Task<WorkerUnderTest> StartAsync(World world, Dictionary<string, string?>? settings = null, HostTimings? timings = null)
    {
        for (var starts = 1; ; starts++)
        {
            try
            {
                var worker = await LoadAsync(world, settings, timings);
                if (await worker.Host.ListensAsync(TestContext.Current.CancellationToken))
                    return worker;

                await worker.DisposeAsync();
                if (starts == MostStarts)
                    Assert.Fail($"The worker ended before it listened.\n{worker.Output}\n{worker.Log}");
            }
            catch (WorkerStartException lost) when (starts < MostStarts && lost.Output.Contains("address already in use", StringComparison.Ordinal))
            {
                // Before it had loaded its functions.
            }
        }
    }

    /// <summary>Starts a worker, and waits until its functions are loaded. Its web server may not listen yet.</summary>
    public static async Task<WorkerUnderTest> LoadAsync(World world, Dictionary<string, string?>? settings = null, HostTimings? timings = null) =>
        new(world, await WorkerHost.StartAsync(Options(world, settings) with { Timings = timings ?? new() { TerminateGrace = LongestStop } }, TestContext.Current.CancellationToken));

    /// <summary>Waits for the worker's process to end, which must be by itself and with exit code 0.</summary>
    public async Task AssertEndedAsync()
    {
        if (await Host.WorkerExited.WaitAsync(TestContext.Current.CancellationToken) is not 0 and var exitCode)
            Assert.Fail($"The worker ended with exit code {exitCode}.\n{Output}\n{Log}");
    }

    public static HostOptions Options(World world, Dictionary<string, string?>? settings)
    {
        var all = world.Settings(settings);
        var options = new HostOptions { WorkerFolder = Places.WorkerFolder, Settings = all };
        return all.TryGetValue(World.KeySetting, out var key) ? options with { FunctionKey = key } : options;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Host.DisposeAsync();
    }
}
