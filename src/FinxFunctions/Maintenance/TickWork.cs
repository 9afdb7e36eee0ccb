using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>The work of one tick: reconciles the due connections, then resyncs a part of the schedule, both within <see cref="TickLimits"/>.</summary>
public sealed partial class TickWork(ConnectionReconciler reconciler, ScheduleResync resync, TickLimits limits, ILogger<TickWork> logger)
{
    /// <summary>Reconciles connections until all are done, the budget is used up, or <paramref name="cancellationToken"/> is cancelled.</summary>
    /// <returns>How many connections were reconciled, failures included, and how many of them failed.</returns>
    /// <exception cref="StorageException">Table Storage did not answer the resync.</exception>
    public async Task<(int Reconciled, int Failed)> RunAsync(IReadOnlyList<DueEntry> due, CancellationToken cancellationToken)
    {
        using var budget = limits.NewBudget();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        var bucket = limits.NewBucket();
        int reconciled = 0, failed = 0;
        try
        {
            await Parallel.ForEachAsync(
                due,
                new ParallelOptions { MaxDegreeOfParallelism = limits.Concurrency, CancellationToken = stop.Token, TaskScheduler = TaskScheduler.Current },
                async (entry, stopping) =>
                {
                    await bucket.TakeAsync(stopping);
                    Interlocked.Increment(ref reconciled);
                    if (!await TryReconcileAsync(entry))
                    {
                        Interlocked.Increment(ref failed);
                    }
                });
            await resync.StepAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The next tick continues.
        }

        return (reconciled, failed);
    }

    private async Task<bool> TryReconcileAsync(DueEntry entry)
    {
        try
        {
            await reconciler.ReconcileAsync(entry);
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A failure of one connection does not stop the others. The entry stays, and is due again at the next tick.
            LogFailed(entry.ConnectionId, exception);
            return false;
        }
    }

    [LoggerMessage(31, LogLevel.Warning, "Connection {ConnectionId} could not be reconciled. It stays due.")]
    private partial void LogFailed(string connectionId, Exception exception);
}
