using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>
/// Repairs the schedule slowly: each tick reads the next few hundred connections, in a circle, and adds the entry again for each that is long
/// overdue. A lost entry does harm only after half of a refresh token's life, and is found long before that.
/// </summary>
public sealed class ScheduleResync(ConnectionStore store, RotationSchedule schedule, KnownVaults vaults, TimeProvider time)
{
    private const int Step = 500;

    /// <summary>A connection that is overdue for less is only waiting for its turn.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromHours(6);

    /// <summary>Each process begins at a random id. Otherwise a process that restarts often would read the same connections again and again.</summary>
    private string? _after = Guid.NewGuid().ToString("N");

    /// <summary>Reads the next connections.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var seen = 0;
        string? last = null;
        await foreach (var connection in store.AllAsync(null, _after, cancellationToken))
        {
            last = connection.Id;
            await vaults.RememberAsync(connection.Vault, cancellationToken);
            if (connection.DueAt < now - Overdue)
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
