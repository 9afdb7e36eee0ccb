using FinxFunctions.Diagnostics;
using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// Leases on connections: acquired, renewed, suspended and released, each by a conditional write. A due entry for the end of a lease is
/// written before the lease, so that the timer finds what a crash leaves behind. It is deleted once the lease is gone.
/// </summary>
public sealed class Leases(ConnectionStore store, RotationSchedule schedule, RotationPolicy policy, BackgroundWork background)
{
    /// <summary>A lease that is not written yet. Its row will say that the token was presented, because it is written just before that.</summary>
    /// <param name="token">What will be presented.</param>
    /// <param name="expiry">The due entry of the lease's end.</param>
    public Lease New(Connection connection, LeaseKind kind, Secret token, DueEntry expiry) => new()
    {
        ConnectionId = connection.Id,
        Kind = kind,
        FromGeneration = connection.Generation,
        AttemptId = NewName(),
        Holder = NewName(),
        ExpiresAt = expiry.At,
        StartedAt = policy.Now,
        TokenHash = token.Hash(),
        PresentedAt = policy.Now,
        Unanswered = true,
        Refusals = connection.Refusals,
        RefusedAt = connection.RefusedAt,
        TraceContext = FinxTraces.Context,
    };

    /// <summary>Whether another process may take the lease over.</summary>
    public bool IsExpired(Lease lease) => lease.ExpiresAt <= policy.Now;

    /// <summary>The lease with a new end, not written yet.</summary>
    public Lease Extend(Lease lease) => lease with { ExpiresAt = policy.LeaseExpiry() };

    /// <summary>When the consent ends that a lease's answer brings, if the answer is to a code.</summary>
    public DateTimeOffset ConsentExpiry(Lease lease) => policy.ConsentExpiry(lease.AnsweredAt.GetValueOrDefault());

    /// <summary>Writes the due entry for the end of a lease that may follow. A caller that expects one does this while it reads the connection.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<DueEntry> PrepareAsync(string connectionId)
    {
        DueEntry entry = new(connectionId, policy.LeaseExpiry(), null);
        await schedule.AddAsync(entry, CancellationToken.None);
        return entry;
    }

    /// <summary>The due entry that was begun, if a lease with its end is still long enough; else a new one.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<DueEntry> PrepareAsync(string connectionId, Task<DueEntry>? begun) =>
        begun is not null && await begun is var entry && policy.HasTimeToRedeem(entry.At) ? entry : await PrepareAsync(connectionId);

    /// <summary>Writes the due entry for a lease's end.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task ScheduleExpiryAsync(Lease lease) => schedule.AddAsync(EntryOf(lease), CancellationToken.None);

    /// <summary>Deletes a prepared due entry whose lease did not follow.</summary>
    public void Unschedule(Task<DueEntry> prepared) => background.Start(async () => await schedule.RemoveAsync(await prepared, CancellationToken.None));

    /// <summary>Deletes the due entry of a lease that is gone. If that fails, the entry costs the timer one read.</summary>
    public void Unschedule(Lease lease) => background.Start(() => schedule.RemoveAsync(EntryOf(lease), CancellationToken.None));

    /// <summary>Inserts a lease and its due entry. Null where a lease exists, or the connection changed since it was read.</summary>
    /// <exception cref="StorageException">Table Storage did not answer. The lease may exist; it then expires.</exception>
    public async Task<ConnectionSnapshot?> AcquireAsync(ConnectionSnapshot snapshot, ConnectionChange change)
    {
        await ScheduleExpiryAsync(change.Acquire!);
        return await AcquirePreparedAsync(snapshot, change);
    }

    /// <summary>Inserts a lease whose due entry is written. Null where a lease exists, or the connection changed since it was read.</summary>
    /// <exception cref="StorageException">Table Storage did not answer. The lease may exist; it then expires.</exception>
    public async Task<ConnectionSnapshot?> AcquirePreparedAsync(ConnectionSnapshot snapshot, ConnectionChange change)
    {
        var lease = change.Acquire!;
        if (await store.TryWriteAsync(change, CancellationToken.None) is { } written)
        {
            Supersede(change.Replace, lease);
            return snapshot with { Connection = written.Connection, Lease = written.Lease };
        }

        // The Azure client repeats a write whose answer was lost, and then reports a conflict with its own first try.
        var current = await store.ReadAsync(lease.ConnectionId, CancellationToken.None);
        if (current?.Lease?.Holder == lease.Holder)
        {
            Supersede(change.Replace, lease);
            return current;
        }

        Unschedule(lease);
        return null;
    }

    /// <summary>Takes over an expired lease, on the service's own behalf. Null where another process was faster.</summary>
    /// <exception cref="StorageException">Table Storage did not answer. The lease may have a new end.</exception>
    public Task<Lease?> TakeOverAsync(Lease lease) => RenewAsync(lease with { Holder = NewName(), Actor = Actor.System });

    /// <summary>Writes a lease with a new end. Null where another process was faster.</summary>
    /// <exception cref="StorageException">Table Storage did not answer. The lease may have a new end.</exception>
    public async Task<Lease?> RenewAsync(Lease lease)
    {
        var former = lease;
        lease = Extend(lease);
        var scheduled = ScheduleExpiryAsync(lease);
        var written = await store.TryUpdateAsync(lease, CancellationToken.None);
        await scheduled;
        if (written is null)
        {
            var current = await store.ReadAsync(lease.ConnectionId, CancellationToken.None);
            written = current?.Lease?.Holder == lease.Holder && current.Lease.ExpiresAt == lease.ExpiresAt ? current.Lease : null;
        }

        Supersede(written is null ? lease : former, written is null ? former : lease);
        return written;
    }

    /// <summary>Suspends a lease: any process may take it over after <paramref name="until"/>. False where another process holds it.</summary>
    /// <exception cref="StorageException">Table Storage did not answer. The lease stays until it expires.</exception>
    public async Task<bool> SuspendAsync(Lease lease, DateTimeOffset until)
    {
        var former = lease;
        lease = lease with { Holder = "", ExpiresAt = until };
        await ScheduleExpiryAsync(lease);
        if (await store.TryUpdateAsync(lease, CancellationToken.None) is null)
        {
            return false;
        }

        Supersede(former, lease);
        return true;
    }

    /// <summary>
    /// Writes the change that ends a lease. If only the connection changed meanwhile (a link was added), it is read again and the change is
    /// made on top. If the lease changed hands, nothing is written, and the rows as they are now are returned.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer. The change may have been made.</exception>
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

    /// <summary>Deletes the due entry of a lease whose place another one took, or that was not written. Else an outage would fill the schedule.</summary>
    private void Supersede(Lease? former, Lease stands)
    {
        if (former is not null && former.ExpiresAt != stands.ExpiresAt)
        {
            Unschedule(former);
        }
    }

    private static string NewName() => Guid.NewGuid().ToString("N");

    private static DueEntry EntryOf(Lease lease) => new(lease.ConnectionId, lease.ExpiresAt, null);
}
