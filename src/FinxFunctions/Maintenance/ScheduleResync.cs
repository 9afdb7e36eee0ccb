using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>
/// The slow repair of the schedule: each tick reads on through a few connections, round and round, and gives those whose visit is overdue by
/// far an entry again. A lost entry can do harm only after half a refresh token's life, and is found long before.
/// </summary>
public sealed class ScheduleResync(ConnectionStore store, RotationSchedule schedule, TimeProvider time)
{
    private const int Step = 500;

    /// <summary>An entry that is late by less is only waiting for its turn.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    /// <summary>Each process begins somewhere else, so that one which is restarted often does not sweep the same corner.</summary>
    private string? _after = Guid.NewGuid().ToString("N");

    public async Task StepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var seen = 0;
        string? last = null;
        await foreach (var connection in store.AllAsync(null, _after, cancellationToken))
        {
            last = connection.Id;
            if (connection.DueAt < now - Patience)
            {
                await schedule.AddAsync(new DueEntry(connection.Id, connection.DueAt.Value, connection.RefreshExpiresAt), cancellationToken);
            }

            if (++seen == Step)
            {
                break;
            }
        }

        _after = seen == Step ? last : null;
    }
}
