using FinxFunctions.Diagnostics;

namespace FinxFunctions.Maintenance;

/// <summary>
/// One tick of the timer: reconciles every connection that is due, the most urgent first. Connections that a tick does not reach wait for the
/// next one. Two ticks may run at the same time, because each connection is leased.
/// </summary>
public sealed partial class RotationTimer(DueEntries entries, TickWork work, FinxMetrics metrics, ILogger<RotationTimer> logger)
{
    /// <summary>Runs a tick, for at most <see cref="Rotation.TokenOptions.TickBudget"/>.</summary>
    /// <exception cref="State.StorageException">Table Storage did not answer.</exception>
    /// <exception cref="OperationCanceledException">The host is stopping.</exception>
    public async Task TickAsync(CancellationToken cancellationToken)
    {
        var outcome = "failed";
        try
        {
            var (due, start) = await entries.ReadAsync(cancellationToken);
            var (reconciled, failed) = await work.RunAsync(due, cancellationToken);
            await entries.MeasureSlackAsync(start, cancellationToken);
            LogTick(due.Count, reconciled, failed);
            outcome = "done";
        }
        finally
        {
            metrics.Tick(outcome);
        }
    }

    [LoggerMessage(30, LogLevel.Information, "Tick: {Due} due, {Reconciled} reconciled, {Failed} failed.")]
    private partial void LogTick(int due, int reconciled, int failed);
}
