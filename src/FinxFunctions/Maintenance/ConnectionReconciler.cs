using FinxFunctions.Auditing;
using FinxFunctions.Connections;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>
/// Looks at one connection and does what its rows call for: finish what was left, remove what is over, rotate what is due. Then sees to it
/// that the schedule leads here again.
/// </summary>
public sealed class ConnectionReconciler(
    ConnectionStore store,
    RotationSchedule schedule,
    TokenVault vault,
    TokenPairReader pairs,
    RotationProtocol rotation,
    ConnectionDeletion deletion,
    FinxTokenClient finx,
    UserIds userIds,
    TokenCache cache,
    AuditTrail audit,
    RotationPolicy policy)
{
    /// <exception cref="StorageException">The entry stays.</exception>
    /// <exception cref="VaultException">The entry stays.</exception>
    public async Task ReconcileAsync(DueEntry entry)
    {
        if (await store.ReadAsync(entry.ConnectionId, CancellationToken.None) is { } snapshot)
        {
            if (IsForFinx(snapshot) && finx.IsCircuitOpen)
            {
                // Nothing can be done here. The entry keeps its place among the urgent.
                return;
            }

            await ActAsync(snapshot);
            await RescheduleAsync(entry);
        }

        await schedule.RemoveAsync(entry, CancellationToken.None);
    }

    /// <summary>Whether all that is to be done is to have finX exchange the refresh token.</summary>
    private bool IsForFinx(ConnectionSnapshot snapshot) =>
        snapshot is { Lease: null, Connection: { Status: ConnectionStatus.Active } connection } && IsDue(connection);

    private bool IsDue(Connection connection) => connection.NextRotationAt <= policy.Now && !(connection.RetryAt > policy.Now);

    private async Task ActAsync(ConnectionSnapshot snapshot)
    {
        var connection = snapshot.Connection;
        switch (snapshot)
        {
            case { Lease: { } lease } when lease.ExpiresAt > policy.Now:
                break;
            case { Connection.Status: ConnectionStatus.Deleted }:
                await deletion.ResumeAsync(snapshot);
                break;
            case { Lease: not null }:
                Remember(connection, await rotation.RecoverAsync(snapshot));
                break;
            case { Connection.Status: ConnectionStatus.Pending } when IsOver(snapshot):
                if (await store.TryDeleteAsync(snapshot, CancellationToken.None))
                {
                    await store.UnindexUserAsync(connection, CancellationToken.None);
                    await audit.ChangedAsync(Actor.System, connection.Id, AuditEvent.Deletion, connection.Generation, "expired");
                }

                break;
            case { Connection.Status: ConnectionStatus.Active } when IsDue(connection):
                if (await pairs.CommittedAsync(snapshot, CancellationToken.None) is { } pair)
                {
                    Remember(connection, await rotation.RefreshAsync(snapshot, pair, Actor.System));
                }

                break;
        }
    }

    private bool IsOver(ConnectionSnapshot snapshot) => snapshot.Links.All(link => Link.AbandonedAt(link.ExpiresAt) <= policy.Now);

    private void Remember(Connection connection, RotationOutcome outcome)
    {
        if (outcome is RotationOutcome.Rotated { Pair: var pair })
        {
            cache.Put(connection.CallerId, pair);
        }
    }

    // The connection's row names the entry that will bring the timer back. Where that is the one just visited, or it is past, the next
    // is written first and the row after it. A rotation on demand leaves its entry where it is: it comes early, and is moved here.
    private async Task RescheduleAsync(DueEntry entry)
    {
        if (await store.ReadAsync(entry.ConnectionId, CancellationToken.None) is not { } snapshot)
        {
            return;
        }

        var connection = snapshot.Connection;
        if (snapshot.Lease is { } lease)
        {
            await schedule.AddAsync(new DueEntry(connection.Id, Later(lease.ExpiresAt, policy.Now.AddSeconds(1)), entry.Deadline), CancellationToken.None);
        }

        var retired = connection.RetiredSecret;
        if (retired is not null && snapshot.Lease is null)
        {
            await vault.DeleteAsync(connection.Vault, retired, CancellationToken.None);
        }

        var userId = await userIds.ReencryptAsync(connection, CancellationToken.None);
        var isCurrent = connection.DueAt is null || connection.DueAt <= entry.At || connection.DueAt <= policy.Now;
        if ((!isCurrent && retired is null && userId is null) || snapshot.Lease is not null)
        {
            return;
        }

        var next = isCurrent ? NextVisit(snapshot) : connection.DueAt;
        if (isCurrent && next is { } at)
        {
            await schedule.AddAsync(new DueEntry(connection.Id, at, connection.RefreshExpiresAt), CancellationToken.None);
        }

        if (next != connection.DueAt || retired is not null || userId is not null)
        {
            var moved = connection with { DueAt = next, RetiredSecret = null, UserId = userId ?? connection.UserId };
            await store.TryWriteAsync(new ConnectionChange(moved), CancellationToken.None);
        }
    }

    private DateTimeOffset? NextVisit(ConnectionSnapshot snapshot) => snapshot.Connection switch
    {
        { Status: ConnectionStatus.Active, NextRotationAt: { } rotateAt, RetryAt: var retryAt } => Later(Later(rotateAt, retryAt ?? rotateAt), policy.Now.AddSeconds(1)),
        { Status: ConnectionStatus.Pending } => Later(snapshot.Links.Select(link => Link.AbandonedAt(link.ExpiresAt)).DefaultIfEmpty(policy.Now).Max(), policy.Now.AddSeconds(1)),
        { Status: ConnectionStatus.Deleted, DueAt: { } purgeAt } when purgeAt > policy.Now => purgeAt,
        _ => null,
    };

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}
