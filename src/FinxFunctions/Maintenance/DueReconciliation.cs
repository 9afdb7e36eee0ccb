using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>Reconciles one due connection for a tick. A failure costs no other connection anything: the connection comes back with backoff.</summary>
public sealed partial class DueReconciliation(ConnectionReconciler reconciler, Rescheduling rescheduling, RotationSchedule schedule, ILogger<DueReconciliation> logger)
{
    /// <summary>Reconciles a connection. False where that failed, or where finX did not refresh its token.</summary>
    public async Task<bool> TryAsync(DueConnection due)
    {
        try
        {
            foreach (var other in due.Others)
            {
                await schedule.RemoveAsync(other, CancellationToken.None);
            }

            return await reconciler.ReconcileAsync(due.Entry);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            LogFailed(due.Entry.ConnectionId, exception);
            await PostponeAsync(due.Entry);
            return false;
        }
    }

    private async Task PostponeAsync(DueEntry entry)
    {
        try
        {
            await rescheduling.PostponeAsync(entry);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The entry stays where it is, or has a second one. Either is found by a later tick.
            LogNotPostponed(entry.ConnectionId, exception);
        }
    }

    [LoggerMessage(31, LogLevel.Warning, "Connection {ConnectionId} could not be reconciled. It comes back later.")]
    private partial void LogFailed(string connectionId, Exception exception);

    [LoggerMessage(34, LogLevel.Information, "Connection {ConnectionId} could not be postponed as well.")]
    private partial void LogNotPostponed(string connectionId, Exception exception);
}
