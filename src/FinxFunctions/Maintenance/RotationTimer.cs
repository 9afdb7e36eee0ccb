using FinxFunctions.Diagnostics;
using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>
/// One tick: looks at every connection whose time has come, the most urgent first, a few at a time and no faster than finX and Key Vault
/// like it. What does not fit waits for the next tick, as does what a missed tick left. Two ticks at once are harmless: a connection is leased.
/// </summary>
public sealed partial class RotationTimer
{
    /// <summary>How many due entries are read ahead, to find the most urgent among them.</summary>
    private const int ReadAhead = 20_000;

    /// <summary>Key Vault takes 300 new versions in 10 seconds; some are left for callers.</summary>
    private const int SetsPerSecondAndVault = 25;

    /// <summary>An entry that waits longer has been left by more than a tick.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromHours(1);

    private readonly RotationSchedule _schedule;
    private readonly ConnectionReconciler _reconciler;
    private readonly ScheduleResync _resync;
    private readonly TokenOptions _options;
    private readonly int _refreshesPerSecond;
    private readonly FinxMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<RotationTimer> _logger;

    public RotationTimer(RotationSchedule schedule, ConnectionReconciler reconciler, ScheduleResync resync, IOptions<TokenOptions> options, IOptions<VaultOptions> vaults, FinxMetrics metrics, TimeProvider time, ILogger<RotationTimer> logger)
    {
        (_schedule, _reconciler, _resync, _options, _metrics, _time, _logger) = (schedule, reconciler, resync, options.Value, metrics, time, logger);
        _refreshesPerSecond = Math.Min(_options.TickRefreshesPerSecond, SetsPerSecondAndVault * vaults.Value.Addresses.Count);
    }

    /// <summary>Does what is due, for as long as <see cref="TokenOptions.TickBudget"/> or until the host stops.</summary>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        var outcome = "failed";
        try
        {
            await WorkAsync(cancellationToken);
            outcome = "done";
        }
        finally
        {
            _metrics.Tick(outcome);
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        using var budget = new CancellationTokenSource(_options.TickBudget, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        var bucket = new TokenBucket(_refreshesPerSecond, _time);
        int visited = 0, failed = 0;
        var due = await _schedule.DueAsync(now, ReadAhead, cancellationToken);
        _metrics.Due(due.Count, due.Count(entry => entry.At < now - Overdue));
        try
        {
            await Parallel.ForEachAsync(
                due,
                new ParallelOptions { MaxDegreeOfParallelism = _options.TickConcurrency, CancellationToken = stop.Token, TaskScheduler = TaskScheduler.Current },
                async (entry, stopping) =>
                {
                    await bucket.TakeAsync(stopping);
                    Interlocked.Increment(ref visited);
                    if (!await TryVisitAsync(entry))
                    {
                        Interlocked.Increment(ref failed);
                    }
                });
            await _resync.StepAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The rest waits for the next tick.
        }

        if (await _schedule.NearestDeadlineAsync(cancellationToken) is { } deadline)
        {
            _metrics.Slack(deadline - now);
        }

        Ticked(due.Count, visited, failed);
    }

    private async Task<bool> TryVisitAsync(DueEntry entry)
    {
        try
        {
            await _reconciler.ReconcileAsync(entry);
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // One connection's trouble is not another's. The entry stays, and is due again at the next tick.
            VisitFailed(entry.ConnectionId, exception);
            return false;
        }
    }

    [LoggerMessage(30, LogLevel.Information, "Tick: {Due} due, {Visited} visited, {Failed} failed.")]
    private partial void Ticked(int due, int visited, int failed);

    [LoggerMessage(31, LogLevel.Warning, "Connection {ConnectionId} could not be looked after; it stays due.")]
    private partial void VisitFailed(string connectionId, Exception exception);
}
