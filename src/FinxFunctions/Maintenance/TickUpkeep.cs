using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>What a tick does besides: it repairs a part of the schedule and removes a part of what has expired. A failure does not fail the tick.</summary>
public sealed partial class TickUpkeep(ScheduleResync resync, ExpiredRequests expired, ILogger<TickUpkeep> logger)
{
    /// <summary>Does the next part of both.</summary>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await resync.StepAsync(cancellationToken);
            await expired.StepAsync(cancellationToken);
        }
        catch (StorageException exception)
        {
            LogFailed(exception);
        }
    }

    [LoggerMessage(35, LogLevel.Warning, "The schedule could not be resynced. The next tick continues.")]
    private partial void LogFailed(Exception exception);
}
