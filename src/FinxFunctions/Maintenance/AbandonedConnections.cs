using FinxFunctions.Auditing;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>Connections that no user ever finished. They are deleted a day after their last link has expired.</summary>
public sealed class AbandonedConnections(ConnectionStore store, AuditTrail audit, RotationPolicy policy)
{
    /// <summary>When a pending connection is abandoned, unless another link is made for it.</summary>
    public DateTimeOffset AbandonedAt(ConnectionSnapshot pending) =>
        pending.Links.Select(link => Link.AbandonedAt(link.ExpiresAt)).DefaultIfEmpty(policy.Now).Max();

    /// <summary>Deletes a pending connection if it is abandoned. There are no tokens, so there is nothing to revoke.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task DeleteAsync(ConnectionSnapshot pending)
    {
        var connection = pending.Connection;
        if (AbandonedAt(pending) <= policy.Now && await store.TryDeleteAsync(pending, CancellationToken.None))
        {
            await store.UnindexUserAsync(connection, CancellationToken.None);
            await audit.ChangedAsync(Actor.System, connection.Id, AuditEvent.Deletion, connection.Generation, "expired");
        }
    }
}
