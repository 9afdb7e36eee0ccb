using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>
/// Schedules the next time that a connection is reconciled. A connection's row names the entry by which the timer finds it again
/// (<see cref="Connection.DueAt"/>). If that is the entry just handled, or one in the past, the next entry is written first and the row after it.
/// A rotation for a caller leaves its entry as it is. That entry is then due too early, and is moved here.
/// </summary>
public sealed class Rescheduling(ConnectionStore store, RotationSchedule schedule, RetiredData retired, NextReconciliation nextReconciliation, TimerBackoff backoff)
{
    /// <summary>Schedules the next time, and removes what the connection no longer needs.</summary>
    /// <param name="entry">The entry that was just handled.</param>
    /// <param name="hasFailed">Whether finX did not refresh the token, so that the next time comes with backoff.</param>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer.</exception>
    public async Task RescheduleAsync(DueEntry entry, bool hasFailed)
    {
        if (await store.ReadAsync(entry.ConnectionId, CancellationToken.None) is not { } snapshot)
        {
            return;
        }

        var postponed = hasFailed ? backoff.Next(entry with { Deadline = snapshot.Connection.RefreshExpiresAt ?? entry.Deadline }) : null;
        if (snapshot.Lease is { } lease)
        {
            await FollowLeaseAsync(entry, lease, postponed);
            return;
        }

        var connection = snapshot.Connection;
        var moved = await retired.RemoveAsync(connection);
        if (nextReconciliation.MustMove(snapshot, entry))
        {
            moved = moved with { DueAt = await ScheduleNextAsync(snapshot, postponed) };
        }

        var links = retired.LinksOf(snapshot);
        if (moved != connection || links.Count > 0)
        {
            await store.TryWriteAsync(new ConnectionChange(moved) { Delete = links }, CancellationToken.None);
        }
    }

    /// <summary>Moves an entry whose connection failed, with backoff. The new entry is written first, so a crash leaves one of them.</summary>
    /// <exception cref="StorageException">Table Storage did not answer. The entry stays, or there are two.</exception>
    public async Task PostponeAsync(DueEntry entry)
    {
        var next = backoff.Next(entry);
        await schedule.AddAsync(next, CancellationToken.None);
        await schedule.RemoveAsync(entry, CancellationToken.None);
        switch (await store.ReadAsync(entry.ConnectionId, CancellationToken.None))
        {
            case { Lease: null, Connection: { } connection } when connection.DueAt == entry.At:
                await store.TryWriteAsync(new ConnectionChange(connection with { DueAt = next.At }), CancellationToken.None);
                break;
            case { Lease: { Holder: "" } suspended } when suspended.ExpiresAt < next.At:
                await schedule.RemoveAsync(entry with { At = suspended.ExpiresAt }, CancellationToken.None);
                break;
        }
    }

    /// <summary>While there is a lease, only its holder writes the connection's row. The end of the lease leads here.</summary>
    private async Task FollowLeaseAsync(DueEntry entry, Lease lease, DueEntry? postponed)
    {
        var atEnd = entry with { At = nextReconciliation.NotBeforeSoonest(lease.ExpiresAt) };
        var next = postponed is not null && postponed.At > atEnd.At ? postponed : atEnd with { Failures = postponed?.Failures ?? entry.Failures };
        await schedule.AddAsync(next, CancellationToken.None);
        if (lease.Holder.Length == 0 && next.At != lease.ExpiresAt)
        {
            await schedule.RemoveAsync(entry with { At = lease.ExpiresAt }, CancellationToken.None);
        }
    }

    private async Task<DateTimeOffset?> ScheduleNextAsync(ConnectionSnapshot snapshot, DueEntry? postponed)
    {
        if (nextReconciliation.Of(snapshot) is not { } at)
        {
            return null;
        }

        var next = postponed is not null && postponed.At > at
            ? postponed
            : new DueEntry(snapshot.Connection.Id, at, snapshot.Connection.RefreshExpiresAt) { Failures = postponed?.Failures ?? 0 };
        await schedule.AddAsync(next, CancellationToken.None);
        return next.At;
    }
}
