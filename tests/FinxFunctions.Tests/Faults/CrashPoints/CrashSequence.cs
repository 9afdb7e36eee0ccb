using System.Diagnostics;
using System.Text;
using FinxFunctions.Tests.Faults.CrashPoints.Operations;
using FinxFunctions.Tests.Faults.Proof;
using FinxSandbox;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.Tests.Faults.CrashPoints;

/// <summary>
/// One crash after another in one world. The host that recovers from a crash is the one that dies in the next. Each crash has a user of its
/// own.
/// </summary>
/// <remarks>A run that the machine was too slow for says nothing about the app. It is repeated in a new world with all times doubled.</remarks>
internal sealed class CrashSequence(Storage storage, RefreshTokenReuse reuse, Func<Operation> newOperation) : IAsyncDisposable
{
    private double _factor = 1;
    private World? _world;
    private HostProcess? _host;

    private Timing Timing => Timing.Calm.Times(_factor);

    private TimeSpan Stillness => TimeSpan.FromMilliseconds(400) * _factor;

    /// <summary>Whether a host gave finX up, which always answers at once here.</summary>
    private bool HasGivenUp => _world?.Logs.Any(log => log.Contains("no answer within", StringComparison.Ordinal)) ?? false;

    /// <summary>Runs the operation without a crash. Each call is delayed a little, to see which calls overlap.</summary>
    /// <returns>The points at which a host can die.</returns>
    public async Task<IReadOnlyList<CrashPoint>> PointsAsync()
    {
        while (true)
        {
            var (world, operation, host, _) = await PrepareAsync();
            world.Proxy.Arriving = async _ =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(30) * _factor);
                return true;
            };
            await operation.ActAsync(world, host.Caller);
            await world.Proxy.QuietAsync(Stillness);
            world.Proxy.Arriving = null;
            if (!HasGivenUp)
                return PointsOf(world.Proxy.Calls);
            if (!await SlowDownAsync())
                throw new TimeoutException($"A host gave finX up although it answered, with {Timing.TokenTimeout} of time.");
        }
    }

    /// <summary>Dies at a point, and looks at what is left once everybody has done what they do.</summary>
    public async Task<CrashResult> DieAtAsync(CrashPoint point)
    {
        while (true)
        {
            var (result, isDisturbed) = await TryAsync(point);
            result = result with { Factor = _factor };
            if (result.Outcome is CrashOutcome.Survived || (result.Outcome is CrashOutcome.Unavoidable && !isDisturbed))
                return result;

            if (!isDisturbed || !await SlowDownAsync())
            {
                await DisposeAsync();
                return result;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
            await _world.DisposeAsync();
        (_world, _host) = (null, null);
    }

    /// <summary>Gives the world up, for another in which everything may take twice as long.</summary>
    /// <returns>False where the settings do not allow such times.</returns>
    private async Task<bool> SlowDownAsync()
    {
        await DisposeAsync();
        if (!Timing.Times(2).IsAllowed)
            return false;
        _factor *= 2;
        return true;
    }

    private async Task<(CrashResult Result, bool IsDisturbed)> TryAsync(CrashPoint point)
    {
        var (world, operation, host, preparedAt) = await PrepareAsync();
        var crash = new Crash(point, host, world.Proxy, _factor);
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
            return (new CrashResult(point, CrashOutcome.NotReached, $"The host made {world.Proxy.Calls.Count} calls."), IsDisturbed: true);

        List<string> findings = [];
        var isWhole = await RecoverAsync(world, operation, host, point, findings);
        var result = findings.Count == 0
            ? new CrashResult(point, isWhole ? CrashOutcome.Survived : CrashOutcome.Unavoidable, at.Name)
            : new CrashResult(point, CrashOutcome.Broken, Report(world, at, findings));
        return (result, HasGivenUp || Stopwatch.GetElapsedTime(preparedAt) > operation.TimeLimit);
    }

    /// <summary>Another host takes over, the user and the service ask again, the timer ticks.</summary>
    /// <returns>Whether everything survived.</returns>
    private async Task<bool> RecoverAsync(World world, Operation operation, HostProcess host, CrashPoint point, List<string> findings)
    {
        var isWhole = false;
        var lost = (await Observations.GatherAsync(world)).LostOnTheWay().Count;
        try
        {
            var next = _host = await world.ReplaceAsync(host);
            var limit = Timing.Lease + SlowMachine.HangLimit;
            if (!point.IsAsked && !await TickUntilAsync(next, limit, async () => !(await world.RowsAsync("connections")).Any(row => row.RowKey == "claim")))
                findings.Add($"I5: nobody asks, and a lease is still there after {limit}.");
            isWhole = await operation.ResumeAsync(world, next.Caller);
            if (!isWhole && lost == 0)
                findings.Add("Something was lost that no rule of the provider explains.");

            // What is left for the timer gets its tick.
            IReadOnlyList<string> broken = [];
            await TickUntilAsync(next, SlowMachine.HangLimit, async () => (broken = Invariants.Broken(await Observations.GatherAsync(world), TimeProvider.System.GetUtcNow())).Count == 0);
            findings.AddRange(broken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            findings.Add(exception.ToString());
        }

        return isWhole;
    }

    private async Task<(World World, Operation Operation, HostProcess Host, long PreparedAt)> PrepareAsync()
    {
        while (true)
        {
            try
            {
                var prepared = await TryPrepareAsync();
                if (!HasGivenUp)
                    return prepared;
            }
            catch (Exception) when (HasGivenUp)
            {
            }

            if (!await SlowDownAsync())
                throw new TimeoutException($"A host gave finX up although it answered, with {Timing.TokenTimeout} of time.");
        }
    }

    private async Task<(World World, Operation Operation, HostProcess Host, long PreparedAt)> TryPrepareAsync()
    {
        var operation = newOperation();
        operation.Factor = _factor;
        if (operation.IsFirst)
            await DisposeAsync();
        var world = _world ??= await World.StartAsync(storage, new SandboxOptions { RefreshTokenReuse = reuse }, Timing);
        if (_host is null || operation.Settings.Any())
            _host = await world.ReplaceAsync(_host, operation.Settings);

        world.Begin();
        var beganAt = Stopwatch.GetTimestamp();
        await operation.PrepareAsync(world, _host.Caller);
        await world.Proxy.QuietAsync(Stillness);
        if (operation.IsCold)
            _host = await world.ReplaceAsync(_host, operation.Settings);
        world.Proxy.Restart();
        return (world, operation, _host, beganAt);
    }

    private static IReadOnlyList<CrashPoint> PointsOf(IReadOnlyList<ProxiedCall> calls) =>
    [
        .. from call in calls
           from moment in Enum.GetValues<CrashMoment>()
           where moment is not CrashMoment.Beside || calls.Any(call.Overlaps)
           from isAsked in (bool[])[true, false]
           select new CrashPoint(call.Number, call.Name, moment, isAsked, (call.IsTokenCall && moment is CrashMoment.After) || (call.IsPersist && moment is not CrashMoment.After)),
    ];

    private static Task<bool> TickUntilAsync(HostProcess host, TimeSpan time, Func<Task<bool>> condition) => World.WithinAsync(time, async () =>
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
