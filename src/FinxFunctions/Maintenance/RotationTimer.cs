using FinxFunctions.Diagnostics;
using FinxFunctions.Rotation;

namespace FinxFunctions.Maintenance;

/// <summary>
/// One tick of the timer: reconciles every connection that is due, the most urgent first. Connections that a tick does not reach wait for the
/// next one. Two ticks may run at the same time, because each connection is leased.
/// </summary>
public sealed partial class RotationTimer(DueEntries entries, TickWork work, BackgroundWork background, FinxMetrics metrics, ILogger<RotationTimer> logger)
{
    /// <summary>A tick is degraded if more than a tenth of its connections failed, and not only one or two of them.</summary>
    private const int DegradedShare = 10;
    private const int FewestFailures = 3;

    /// <summary>
    /// Runs a tick, for at most <see cref="TokenOptions.TickBudget"/>. A stop of the process waits for it: once the process stops, or the caller
    /// cancels, the tick begins no new work, finishes the work under way, and counts as stopped.
    /// </summary>
    /// <exception cref="State.StorageException">Table Storage did not answer.</exception>
    public Task TickAsync(CancellationToken cancellationToken) => background.RunAsync(async () =>
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, background.Stopping);
        var outcome = "failed";
        try
        {
            outcome = await RunAsync(stop.Token);
        }
        finally
        {
            metrics.Tick(outcome);
        }

        return outcome;
    });

    /// <summary>Runs a tick, and names its outcome.</summary>
    private async Task<string> RunAsync(CancellationToken stop)
    {
        try
        {
            var (due, start) = await entries.ReadAsync(stop);
            var (reconciled, failed) = await work.RunAsync(due, stop);
            LogTick(due.Count, reconciled, failed);
            stop.ThrowIfCancellationRequested();
            await entries.MeasureSlackAsync(start, stop);
            if (failed < FewestFailures || failed * DegradedShare <= reconciled)
            {
                return "done";
            }

            LogDegraded(failed, reconciled);
            return "degraded";
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogStopped();
            return "stopped";
        }
    }

    [LoggerMessage(30, LogLevel.Information, "Tick: {Due} due, {Reconciled} reconciled, {Failed} failed.")]
    private partial void LogTick(int due, int reconciled, int failed);

    [LoggerMessage(33, LogLevel.Warning, "The tick is degraded: {Failed} of {Reconciled} connections failed. They come back with backoff.")]
    private partial void LogDegraded(int failed, int reconciled);

    [LoggerMessage(32, LogLevel.Information, "The tick was stopped. Connections that it did not reach stay due.")]
    private partial void LogStopped();
}
