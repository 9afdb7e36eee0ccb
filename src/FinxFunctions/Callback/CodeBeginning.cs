using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Callback;

/// <summary>How the exchange of a code begins: which lease may give way to it, and what is kept of that lease. Pure: the rows decide.</summary>
public static class CodeBeginning
{
    /// <summary>
    /// Whether a lease gives way to a code. A pause is no lock: the user's consent goes ahead of a refresh that is suspended or was left, and
    /// a new code goes ahead of an earlier one. A lease that is held, that has an answer, or that deletes the connection does not give way.
    /// </summary>
    /// <param name="isNew">Whether the code was not presented before.</param>
    public static bool GivesWay(Connection connection, Lease lease, bool isNew, RotationPolicy policy) =>
        !lease.IsHeld(policy.Now)
        && lease.Answer is null
        && lease.Kind switch
        {
            LeaseKind.Refresh => !IsOpen(lease) || policy.ReplayAfterWindow(lease, connection) is not null,
            LeaseKind.Exchange => isNew,
            _ => false,
        };

    /// <summary>The rows with which the exchange begins.</summary>
    /// <param name="lease">The lease of the exchange.</param>
    /// <param name="link">The link that the code came for, as it is to be written.</param>
    public static ConnectionChange Change(ConnectionSnapshot snapshot, Lease lease, Link link, RotationPolicy policy)
    {
        var connection = snapshot.Connection;
        return snapshot.Lease is not { } former
            ? new ConnectionChange(connection) { Acquire = lease, Links = [link] }
            : new ConnectionChange(Without(connection, former, policy) with { HasUnreadable = connection.HasUnreadable || former.Unreadable is not null })
            {
                Acquire = lease,
                Replace = former,
                Links = [link],
                Unreadable = former.Unreadable,
            };
    }

    /// <summary>The connection's row records what the lease of a refresh did: if the code brings no tokens, its refresh token is in use again.</summary>
    private static Connection Without(Connection connection, Lease former, RotationPolicy policy) => former switch
    {
        { Kind: not LeaseKind.Refresh } => connection,
        _ when IsOpen(former) => connection with
        {
            FormerPresentationUnanswered = true,
            RetryAt = Later(former.ExpiresAt, policy.ReplayAfterWindow(former, connection)),
        },
        _ => connection with { RetryAt = former.ExpiresAt },
    };

    /// <summary>Whether a presentation under this lease was left without an answer.</summary>
    private static bool IsOpen(Lease lease) => lease.Ambiguous || lease.Unanswered;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset? other) => other > one ? other.Value : one;
}
