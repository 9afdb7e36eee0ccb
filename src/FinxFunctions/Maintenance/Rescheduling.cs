using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>
/// Schedules the next time that a connection is reconciled. A connection's row names the entry by which the timer finds it again
/// (<see cref="Connection.DueAt"/>). If that is the entry just handled, or one in the past, the next entry is written first and the row after it.
/// A rotation for a caller leaves its entry as it is. That entry is then due too early, and is moved here.
/// </summary>
public sealed class Rescheduling(ConnectionStore store, RotationSchedule schedule, RetiredData retired, AbandonedConnections abandoned, RotationPolicy policy)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    /// <summary>Schedules the next time, and removes what the connection no longer needs.</summary>
    /// <param name="entry">The entry that was just handled.</param>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer.</exception>
    public async Task RescheduleAsync(DueEntry entry)
    {
        if (await store.ReadAsync(entry.ConnectionId, CancellationToken.None) is not { } snapshot)
        {
            return;
        }

        var connection = snapshot.Connection;
        if (snapshot.Lease is { } lease)
        {
            // While there is a lease, only its holder writes the connection's row.
            await schedule.AddAsync(new DueEntry(connection.Id, NotBefore(Soonest, lease.ExpiresAt), entry.Deadline), CancellationToken.None);
            return;
        }

        var moved = await retired.RemoveAsync(connection);
        if (connection.DueAt is null || connection.DueAt <= entry.At || connection.DueAt <= policy.Now)
        {
            moved = moved with { DueAt = await ScheduleNextAsync(snapshot) };
        }

        if (moved != connection)
        {
            await store.TryWriteAsync(new ConnectionChange(moved), CancellationToken.None);
        }
    }

    private DateTimeOffset Soonest => policy.Now + ShortestWait;

    private async Task<DateTimeOffset?> ScheduleNextAsync(ConnectionSnapshot snapshot)
    {
        var next = NextDue(snapshot);
        if (next is { } at)
        {
            await schedule.AddAsync(new DueEntry(snapshot.Connection.Id, at, snapshot.Connection.RefreshExpiresAt), CancellationToken.None);
        }

        return next;
    }

    private DateTimeOffset? NextDue(ConnectionSnapshot snapshot) => snapshot.Connection switch
    {
        { Status: ConnectionStatus.Active, NextRotationAt: { } rotateAt, RetryAt: var retryAt } => NotBefore(Soonest, NotBefore(retryAt ?? rotateAt, rotateAt)),
        { Status: ConnectionStatus.Pending } => NotBefore(Soonest, abandoned.AbandonedAt(snapshot)),
        { Status: ConnectionStatus.Deleted, DueAt: { } purgeAt } when purgeAt > policy.Now => purgeAt,
        _ => null,
    };

    private static DateTimeOffset NotBefore(DateTimeOffset earliest, DateTimeOffset at) => at > earliest ? at : earliest;
}
