namespace FinxFunctions.Maintenance;

/// <summary>The work of one tick: reconciles the due connections, then does a part of the upkeep, both within <see cref="TickLimits"/>.</summary>
public sealed class TickWork(DueReconciliation reconciliation, TickUpkeep upkeep, TickLimits limits)
{
    /// <summary>Reconciles connections until all are done, the budget is used up, or <paramref name="cancellationToken"/> is cancelled.</summary>
    /// <returns>How many connections were reconciled, failures included, and how many of them failed.</returns>
    public async Task<(int Reconciled, int Failed)> RunAsync(IReadOnlyList<DueConnection> due, CancellationToken cancellationToken)
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
                async (connection, stopping) =>
                {
                    await bucket.TakeAsync(stopping);
                    Interlocked.Increment(ref reconciled);
                    if (!await reconciliation.TryAsync(connection))
                    {
                        Interlocked.Increment(ref failed);
                    }
                });
            await upkeep.StepAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The next tick continues.
        }

        return (reconciled, failed);
    }
}
