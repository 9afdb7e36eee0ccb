using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// Claims on connections: taken, held on to, left to rest and ended, each by a conditional write. The schedule is told of a lease before the
/// lease is there, so that the timer finds whatever a crash leaves of it, and forgets it once the lease is gone.
/// </summary>
public sealed class Leases(ConnectionStore store, RotationSchedule schedule, RotationPolicy policy, BackgroundWork background)
{
    /// <summary>
    /// Tells the schedule of a lease that may come. Who foresees one does this beside reading the connection, and so saves the time.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<DueEntry> PrepareAsync(string connectionId)
    {
        DueEntry entry = new(connectionId, policy.LeaseExpiry(), null);
        await schedule.AddAsync(entry, CancellationToken.None);
        return entry;
    }

    /// <summary>Tells the schedule of a lease's lease.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task ScheduleExpiryAsync(Lease lease) => schedule.AddAsync(EntryOf(lease), CancellationToken.None);

    /// <summary>Takes back what was foreseen and did not come.</summary>
    public void Unschedule(Task<DueEntry> foreseen) => background.Start(async () => await schedule.RemoveAsync(await foreseen, CancellationToken.None));

    /// <summary>Takes back the entry of a lease that is gone. Where that is lost, the entry costs the timer a look.</summary>
    public void Unschedule(Lease lease) => background.Start(() => schedule.RemoveAsync(EntryOf(lease), CancellationToken.None));

    /// <summary>A conditional insert; null where there is a lease, or anything moved since the connection was read.</summary>
    /// <exception cref="StorageException">Table Storage did not answer: the lease may be there, and is found after its lease.</exception>
    public async Task<ConnectionSnapshot?> AcquireAsync(ConnectionSnapshot snapshot, ConnectionChange change)
    {
        await ScheduleExpiryAsync(change.Acquire!);
        return await AcquirePreparedAsync(snapshot, change);
    }

    /// <summary>The same, where the schedule has been told.</summary>
    /// <exception cref="StorageException">Table Storage did not answer: the lease may be there, and is found after its lease.</exception>
    public async Task<ConnectionSnapshot?> AcquirePreparedAsync(ConnectionSnapshot snapshot, ConnectionChange change)
    {
        var lease = change.Acquire!;
        if (await store.TryWriteAsync(change, CancellationToken.None) is { } written)
        {
            return snapshot with { Connection = written.Connection, Lease = written.Lease };
        }

        // The client may have repeated a write that had succeeded.
        var current = await store.ReadAsync(lease.ConnectionId, CancellationToken.None);
        if (current?.Lease?.Holder == lease.Holder)
        {
            return current;
        }

        Unschedule(lease);
        return null;
    }

    /// <summary>Takes or extends the lease of a lease; null where somebody else was faster.</summary>
    /// <exception cref="StorageException">Table Storage did not answer: the lease may be longer than it was.</exception>
    public async Task<Lease?> RenewAsync(Lease lease)
    {
        lease = lease with { ExpiresAt = policy.LeaseExpiry() };
        var noted = ScheduleExpiryAsync(lease);
        var written = await store.TryUpdateAsync(lease, CancellationToken.None);
        await noted;
        if (written is not null)
        {
            return written;
        }

        var current = await store.ReadAsync(lease.ConnectionId, CancellationToken.None);
        return current?.Lease?.Holder == lease.Holder && current.Lease.ExpiresAt == lease.ExpiresAt ? current.Lease : null;
    }

    /// <summary>Leaves a lease to whoever comes after <paramref name="until"/>; false where somebody else has it.</summary>
    /// <exception cref="StorageException">Table Storage did not answer: the lease is left when its lease ends.</exception>
    public async Task<bool> SuspendAsync(Lease lease, DateTimeOffset until)
    {
        lease = lease with { Holder = "", ExpiresAt = until };
        await ScheduleExpiryAsync(lease);
        return await store.TryUpdateAsync(lease, CancellationToken.None) is not null;
    }

    /// <summary>
    /// Makes the change that ends a lease. A connection that changed beside it (somebody added a link) is read again: what counts is that the
    /// lease did not change hands. Else tells what stands instead.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer: the change may have been made.</exception>
    public async Task<(bool IsDone, ConnectionSnapshot? Stands)> ReleaseAsync(ConnectionSnapshot held, Lease lease, Func<ConnectionSnapshot, Lease, ConnectionChange> change)
    {
        while (await store.TryWriteAsync(change(held, lease), CancellationToken.None) is null)
        {
            var current = await store.ReadAsync(lease.ConnectionId, CancellationToken.None);
            if (current?.Lease is not { } mine || mine.Holder != lease.Holder || mine.ExpiresAt != lease.ExpiresAt)
            {
                return (false, current);
            }

            (held, lease) = (current, mine);
        }

        Unschedule(lease);
        return (true, null);
    }

    private static DueEntry EntryOf(Lease lease) => new(lease.ConnectionId, lease.ExpiresAt, null);
}
