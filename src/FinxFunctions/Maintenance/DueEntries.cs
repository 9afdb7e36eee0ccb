using FinxFunctions.Diagnostics;
using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>Reads the rotation schedule for one tick, and measures how far behind it is.</summary>
public sealed class DueEntries(RotationSchedule schedule, FinxMetrics metrics, TimeProvider time)
{
    /// <summary>How many due entries are read, to find the most urgent among them.</summary>
    private const int ReadAhead = 20_000;

    /// <summary>An entry that has been due for longer was missed by more than one tick.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromHours(1);

    /// <summary>The connections that are due now, the most urgent first, and the time at which they were due.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<(IReadOnlyList<DueConnection> Due, DateTimeOffset Now)> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var due = DueConnection.Of(await schedule.DueAsync(now, ReadAhead, cancellationToken));
        metrics.Due(due.Count, due.Count(connection => connection.Entry.At < now - Overdue));
        return (due, now);
    }

    /// <summary>Measures how long the refresh token that expires first still lives at a time.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task MeasureSlackAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (await schedule.NearestDeadlineAsync(cancellationToken) is { } deadline)
        {
            metrics.Slack(deadline - at);
        }
    }
}
