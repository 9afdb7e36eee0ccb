using FinxFunctions.Auditing;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>
/// Tombstones: what is left of a deleted connection for 30 days. A tombstone is a row without personal data, by which a repeated deletion gets
/// the same answer as the first.
/// </summary>
public sealed partial class Tombstones(ConnectionStore store, RotationSchedule schedule, AuditTrail audit, RotationPolicy policy, ILogger<Tombstones> logger)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>Replaces all rows of a connection by its tombstone and releases the lease. False if another process took the lease over.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<bool> ReplaceAsync(ConnectionSnapshot snapshot)
    {
        var connection = snapshot.Connection;
        await store.UnindexUserAsync(connection, CancellationToken.None);
        var purgeAt = policy.Now + Lifetime;
        await schedule.AddAsync(new DueEntry(connection.Id, purgeAt, null), CancellationToken.None);
        var change = new ConnectionChange(TombstoneOf(connection, purgeAt))
        {
            Release = snapshot.Lease,
            Delete = snapshot.Links,
            HadOverflow = connection.HasOverflow,
            HadUnreadable = connection.HasUnreadable,
        };
        if (await store.TryWriteAsync(change, CancellationToken.None) is null)
        {
            return await store.ReadAsync(connection.Id, CancellationToken.None) is null or { Lease: null };
        }

        LogDeleted(connection.Id);
        await audit.ChangedAsync(snapshot.Lease?.Actor ?? Actor.System, connection.Id, AuditEvent.Deletion, connection.Generation, "done");
        return true;
    }

    /// <summary>Deletes a tombstone whose time is over; leaves any other.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task PurgeAsync(ConnectionSnapshot snapshot)
    {
        if (snapshot.Connection.DueAt <= policy.Now)
        {
            await store.TryDeleteAsync(snapshot, CancellationToken.None);
        }
    }

    private static Connection TombstoneOf(Connection connection, DateTimeOffset purgeAt) => new()
    {
        Id = connection.Id,
        CallerId = connection.CallerId,
        UserKey = "",
        Status = ConnectionStatus.Deleted,
        CreatedAt = connection.CreatedAt,
        Vault = connection.Vault,
        DueAt = purgeAt,
        ETag = connection.ETag,
    };

    [LoggerMessage(40, LogLevel.Information, "Connection {ConnectionId} was deleted.")]
    private partial void LogDeleted(string connectionId);
}
