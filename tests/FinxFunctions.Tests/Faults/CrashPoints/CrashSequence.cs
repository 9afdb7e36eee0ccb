using System.Text;
using FinxFunctions.Tests.Faults.CrashPoints.Operations;
using FinxFunctions.Tests.Faults.Proof;
using FinxSandbox;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.Tests.Faults.CrashPoints;

/// <summary>
/// One crash after another in one world: the host that puts things in order after a crash is the one that dies in the next, with a user of
/// its own each time.
/// </summary>
internal sealed class CrashSequence(Storage storage, RefreshTokenReuse reuse, Func<Operation> newOperation) : IAsyncDisposable
{
    /// <summary>A machine that is too busy for the time-outs of the test says nothing about the app.</summary>
    private const int Tries = 4;

    private static readonly TimeSpan Stillness = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What a lease may last: a lease, a tick that finds it, and what a busy machine adds.</summary>
    private static readonly TimeSpan LongestLease = Timing.Calm.Lease + TimeSpan.FromSeconds(30);

    private World? _world;
    private HostProcess? _host;

    /// <summary>Runs the operation without harm, each call slowed down a little to see which go beside each other.</summary>
    /// <returns>The points at which a host can die.</returns>
    public async Task<IReadOnlyList<CrashPoint>> PointsAsync()
    {
        var (world, operation, host) = await PrepareAsync();
        world.Proxy.Arriving = async _ =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(30));
            return true;
        };
        await operation.ActAsync(world, host.Caller);
        await world.Proxy.QuietAsync(Stillness);
        world.Proxy.Arriving = null;

        var calls = world.Proxy.Calls;
        return
        [
            .. from call in calls
               from moment in Enum.GetValues<CrashMoment>()
               where moment is not CrashMoment.Beside || calls.Any(call.Overlaps)
               from isAsked in (bool[])[true, false]
               select new CrashPoint(call.Number, call.Name, moment, isAsked, (call.IsTokenCall && moment is CrashMoment.After) || (call.IsKeep && moment is not CrashMoment.After)),
        ];
    }

    /// <summary>Dies at a point, and looks what is left once everybody has done what they do.</summary>
    public async Task<CrashResult> DieAtAsync(CrashPoint point)
    {
        for (var tries = 1; ; tries++)
        {
            CrashResult result;
            try
            {
                result = await TryAsync(point);
            }
            catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
            {
                result = new CrashResult(point, CrashOutcome.NotReached, exception.ToString());
            }

            if (result.Ending is CrashOutcome.Survived or CrashOutcome.Unavoidable)
                return result with { Tries = tries };

            var isTooBusy = result.Ending is CrashOutcome.NotReached || IsTooBusy;
            await DisposeAsync();
            if (!isTooBusy || tries == Tries)
                return result with { Tries = tries };
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
        (_world, _host) = (null, null);
    }

    private async Task<CrashResult> TryAsync(CrashPoint point)
    {
        var (world, operation, host) = await PrepareAsync();
        var crash = new Crash(point, host, world.Proxy);
        try
        {
            await operation.ActAsync(world, host.Caller);
        }
        catch (HttpRequestException) when (crash.At is not null)
        {
        }

        await world.Proxy.QuietAsync(Stillness);
        crash.Clear();
        if (crash.At is not { } at)
            return new CrashResult(point, CrashOutcome.NotReached, $"The host made {world.Proxy.Calls.Count} calls.");

        List<string> findings = [];
        var isWhole = false;
        var lost = (await Observations.GatherAsync(world)).LostOnTheWay().Count;
        try
        {
            var heir = _host = await world.ReplaceAsync(host);
            if (!point.IsAsked && !await TickUntilAsync(heir, LongestLease, async () => !(await world.RowsAsync("connections")).Any(row => row.RowKey == "claim")))
                findings.Add($"I5: nobody asks, and a lease is still there after {LongestLease}.");
            isWhole = await operation.ResumeAsync(world, heir.Caller);
            if (!isWhole && lost == 0)
                findings.Add("Something was lost that no rule of the provider's explains.");

            // What is left for the timer gets its tick.
            IReadOnlyList<string> broken = [];
            await TickUntilAsync(heir, Patience, async () => (broken = Invariants.Broken(await Observations.GatherAsync(world), TimeProvider.System.GetUtcNow())).Count == 0);
            findings.AddRange(broken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            findings.Add(exception.ToString());
        }

        return findings.Count == 0
            ? new CrashResult(point, isWhole ? CrashOutcome.Survived : CrashOutcome.Unavoidable, at.Name)
            : new CrashResult(point, CrashOutcome.Broken, Report(world, at, findings));
    }

    /// <summary>Whether a host gave finX up, which in here always answers at once.</summary>
    private bool IsTooBusy => _world?.Logs.Any(log => log.Contains("no answer within", StringComparison.Ordinal)) ?? false;

    private async Task<(World World, Operation Operation, HostProcess Host)> PrepareAsync()
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryPrepareAsync();
            }
            catch (Exception exception) when (tries < Tries && (exception is OperationCanceledException || IsTooBusy))
            {
                await DisposeAsync();
            }
        }
    }

    private async Task<(World World, Operation Operation, HostProcess Host)> TryPrepareAsync()
    {
        var operation = newOperation();
        if (operation.IsFirst)
            await DisposeAsync();
        var world = _world ??= await World.StartAsync(storage, new SandboxOptions { RefreshTokenReuse = reuse });
        if (_host is null || operation.Settings.Any())
            _host = await world.ReplaceAsync(_host, operation.Settings);

        world.Begin();
        await operation.PrepareAsync(world, _host.Caller);
        await world.Proxy.QuietAsync(Stillness);
        if (operation.IsCold)
            _host = await world.ReplaceAsync(_host, operation.Settings);
        world.Proxy.Restart();
        return (world, operation, _host);
    }

    private static async Task<bool> TickUntilAsync(HostProcess host, TimeSpan time, Func<Task<bool>> condition) => await World.WithinAsync(time, async () =>
    {
        await host.Caller.TickAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(400));
        return await condition();
    });

    private static string Report(World world, ProxiedCall at, IEnumerable<string> findings)
    {
        var report = new StringBuilder();
        report.AppendJoin('\n', findings).AppendLine();
        foreach (var call in world.Proxy.History)
            report.AppendLine($"  {call}{(call == at ? "   <- died here" : "")}");
        foreach (var log in world.Logs)
            report.AppendLine(log);
        return report.ToString();
    }
}
