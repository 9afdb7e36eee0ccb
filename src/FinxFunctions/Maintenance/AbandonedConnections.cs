using FinxFunctions.Auditing;
using FinxFunctions.Connections;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>Connections that no user ever finished. They are deleted a day after their last link has expired.</summary>
public sealed class AbandonedConnections(ConnectionStore store, LinkRemoval links, AuditTrail audit, RotationPolicy policy)
{
    /// <summary>When a pending connection is abandoned, unless another link is made for it.</summary>
    public DateTimeOffset AbandonedAt(ConnectionSnapshot pending) =>
        pending.Links.Select(link => Link.AbandonedAt(link.ExpiresAt)).DefaultIfEmpty(policy.Now).Max();

    /// <summary>Deletes a pending connection if it is abandoned. There are no tokens, so there is nothing to revoke.</summary>
    /// <returns>Always true: a connection that changed meanwhile is looked at again.</returns>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<bool> TryDeleteAsync(ConnectionSnapshot pending)
    {
        if (AbandonedAt(pending) <= policy.Now
            && await links.TrimAsync(pending, LinkRemoval.MostAtOnce) is { } rest
            && await WithoutUnreadableAsync(rest) is { } last
            && await store.TryDeleteAsync(last, CancellationToken.None))
        {
            await store.UnindexUserAsync(pending.Connection, CancellationToken.None);
            await audit.ChangedAsync(Actor.System, pending.Connection.Id, AuditEvent.Deletion, pending.Connection.Generation, "expired");
        }

        return true;
    }

    /// <summary>Deletes an answer that could not be read. Null where the connection changed meanwhile.</summary>
    private async Task<ConnectionSnapshot?> WithoutUnreadableAsync(ConnectionSnapshot pending)
    {
        if (!pending.Connection.HasUnreadable)
        {
            return pending;
        }

        var change = new ConnectionChange(pending.Connection with { HasUnreadable = false }) { HadUnreadable = true };
        return await store.TryWriteAsync(change, CancellationToken.None) is { } written ? pending with { Connection = written.Connection } : null;
    }
}
