using FinxFunctions.Auditing;
using FinxFunctions.Finx;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>The lease under which a connection is deleted: acquired, taken over and suspended by conditional writes.</summary>
public sealed class DeletionLease(Leases leases, AuditTrail audit, RotationPolicy policy)
{
    /// <summary>A failed deletion pauses as long as after this many failures in a row: 8 seconds before jitter.</summary>
    private const int AssumedFailures = 3;

    /// <summary>Whether a process holds the lease now. A deletion waits for it.</summary>
    public bool IsHeld(Lease lease) => lease.IsHeld(policy.Now);

    /// <summary>
    /// Marks a connection as deleted, leases it, and deletes its links, so that no user's return finds one. A suspended lease without an answer
    /// is replaced. Null if another process changed the connection in the meantime.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<ConnectionSnapshot?> AcquireAsync(ConnectionSnapshot snapshot)
    {
        var lease = new Lease
        {
            ConnectionId = snapshot.Connection.Id,
            Kind = LeaseKind.Deletion,
            FromGeneration = snapshot.Connection.Generation,
            AttemptId = Guid.NewGuid().ToString("N"),
            Holder = Guid.NewGuid().ToString("N"),
            Actor = snapshot.Connection.CallerId,
            ExpiresAt = policy.LeaseExpiry(),
            StartedAt = policy.Now,
        };
        List<Link> first = [.. snapshot.Links.Take(LinkRemoval.MostAtOnce)];
        var change = new ConnectionChange(snapshot.Connection with { Status = ConnectionStatus.Deleted, Reason = null, NextRotationAt = null, HasUnreadable = false })
        {
            Acquire = lease,
            Replace = snapshot.Lease,
            Delete = first,
            HadUnreadable = snapshot.Connection.HasUnreadable,
        };
        if (await leases.AcquireAsync(snapshot, change) is not { } leased)
        {
            return null;
        }

        await audit.ChangedAsync(lease.Actor, lease.ConnectionId, AuditEvent.Deletion, lease.FromGeneration, "begun");
        return leased with { Links = [.. leased.Links.ExceptBy(first.Select(link => link.Key), link => link.Key)] };
    }

    /// <summary>Takes over the lease of an interrupted deletion. Null if another process holds it.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<ConnectionSnapshot?> TakeOverAsync(ConnectionSnapshot snapshot, Lease lease) =>
        !IsHeld(lease) && await leases.RenewAsync(lease with { Holder = Guid.NewGuid().ToString("N"), Actor = Actor.System }) is { } held
            ? snapshot with { Lease = held }
            : null;

    /// <summary>The lease of a deletion whose token was revoked, or is given up. It is written with the next change of the lease.</summary>
    public Lease Revoked(Lease lease) => lease with { AnsweredAt = policy.Now };

    /// <summary>Suspends the lease after a failure. A caller may continue at once, the timer continues after a pause.</summary>
    /// <param name="cause">Why the deletion stopped. finX may ask for a longer pause.</param>
    /// <exception cref="StorageException">Table Storage did not answer. Then the deletion continues when the lease expires.</exception>
    public Task SuspendAsync(Lease lease, Exception cause) =>
        leases.SuspendAsync(lease with { Failures = lease.Failures + 1 }, policy.RetryAt(AssumedFailures, (cause as FinxException)?.RetryAfter));
}
