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

    /// <summary>Whether a lease of any kind, held or suspended, has not yet expired.</summary>
    public bool IsUnexpired(ConnectionSnapshot snapshot) => snapshot.Lease is { } lease && lease.ExpiresAt > policy.Now;

    /// <summary>Marks a connection as deleted and leases it. Null if another process changed it in the meantime.</summary>
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
        var change = new ConnectionChange(snapshot.Connection with { Status = ConnectionStatus.Deleted, Reason = null, NextRotationAt = null }) { Acquire = lease };
        if (await leases.AcquireAsync(snapshot, change) is not { } leased)
        {
            return null;
        }

        await audit.ChangedAsync(lease.Actor, lease.ConnectionId, AuditEvent.Deletion, lease.FromGeneration, "begun");
        return leased;
    }

    /// <summary>Takes over the lease of an interrupted deletion. Null if another process holds it.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<ConnectionSnapshot?> TakeOverAsync(ConnectionSnapshot snapshot, Lease lease) =>
        !lease.IsHeld(policy.Now) && await leases.RenewAsync(lease with { Holder = Guid.NewGuid().ToString("N"), Actor = Actor.System }) is { } held
            ? snapshot with { Lease = held }
            : null;

    /// <summary>Suspends the lease after a failure. A caller may continue at once, the timer continues after a pause.</summary>
    /// <param name="cause">Why the deletion stopped. finX may ask for a longer pause.</param>
    /// <exception cref="StorageException">Table Storage did not answer. Then the deletion continues when the lease expires.</exception>
    public Task SuspendAsync(Lease lease, Exception cause) =>
        leases.SuspendAsync(lease, policy.RetryAt(AssumedFailures, (cause as FinxException)?.RetryAfter));
}
