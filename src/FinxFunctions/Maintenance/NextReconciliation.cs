using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>When a connection without a lease is to be reconciled next. No connection stays active past the end of its refresh token.</summary>
public sealed class NextReconciliation(AbandonedConnections abandoned, RotationPolicy policy)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    private DateTimeOffset Soonest => policy.Now + ShortestWait;

    /// <summary>Whether the entry that the connection's row names has been handled, is in the past, or comes too late.</summary>
    public bool MustMove(ConnectionSnapshot snapshot, DueEntry handled) => snapshot.Connection is var connection
        && (connection.DueAt is null
            || connection.DueAt <= handled.At
            || connection.DueAt <= policy.Now
            || (connection.Status is ConnectionStatus.Active && Of(snapshot) < connection.DueAt));

    /// <summary>The next time, at least a second from now. Null where the connection needs none.</summary>
    public DateTimeOffset? Of(ConnectionSnapshot snapshot) => snapshot.Connection switch
    {
        { Status: ConnectionStatus.Active } active => RotationOf(active) is { } at ? NotBeforeSoonest(at) : null,
        { Status: ConnectionStatus.Pending } => NotBeforeSoonest(abandoned.AbandonedAt(snapshot)),
        { Status: ConnectionStatus.Deleted, DueAt: { } purgeAt } when purgeAt > policy.Now => purgeAt,
        _ => null,
    };

    /// <summary>The time, but at least a second from now.</summary>
    public DateTimeOffset NotBeforeSoonest(DateTimeOffset at) => Later(Soonest, at);

    /// <summary>When the token is refreshed: not while a backoff runs, but not after its end. Without a refresh token, the end of the access token.</summary>
    private static DateTimeOffset? RotationOf(Connection active) => active switch
    {
        { NextRotationAt: { } rotateAt, RetryAt: var retryAt, RefreshExpiresAt: var end } => Later(retryAt ?? rotateAt, rotateAt) is var at && end < at ? end : at,
        { RefreshExpiresAt: { } end } => end,
        _ => active.AccessExpiresAt,
    };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
