using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// What to do with finX's answer where the lease's row changed while finX was asked. The answer may hold the only tokens that finX
/// honours, so it is discarded only if a newer answer is known. Pure: the rows decide.
/// </summary>
public abstract record LateAnswer
{
    private LateAnswer()
    {
    }

    /// <summary>The connection is deleted, or newer tokens are there.</summary>
    public sealed record Discarded : LateAnswer;

    /// <summary>This attempt's own write succeeded. Only the answer to the write was lost.</summary>
    public sealed record AlreadyPersisted : LateAnswer;

    /// <summary>The answer is written with this lease: over the lease that is there, or as a new one where there is none.</summary>
    public sealed record Persist(Lease Lease) : LateAnswer;

    /// <summary>Decides.</summary>
    /// <param name="current">The rows as they are now; null where the connection is gone.</param>
    /// <param name="answered">The lease under which the answer came, with its answer.</param>
    /// <param name="consentExpiresAt">When the consent ends that the answer brought, if it is the answer to a code.</param>
    /// <param name="isReadable">Whether tokens can be read from the answer.</param>
    public static LateAnswer Decide(ConnectionSnapshot? current, Lease answered, DateTimeOffset consentExpiresAt, bool isReadable)
    {
        if (current is null or { Connection.Status: ConnectionStatus.Deleted })
        {
            return new Discarded();
        }

        var (connection, lease) = (current.Connection, current.Lease);
        if (connection.Generation != answered.FromGeneration)
        {
            return IsOvertakenExchange(connection, lease, answered, consentExpiresAt) && isReadable ? new Persist(Under(lease, answered) with { FromGeneration = connection.Generation })
                : IsNewerThanCommitted(connection, lease, answered) ? new Persist(answered with { FromGeneration = connection.Generation, Kind = LeaseKind.Refresh })
                : new Discarded();
        }

        return lease switch
        {
            null => new Persist(answered),
            { Answer: not null } when lease.AttemptId == answered.AttemptId && lease.Holder == answered.Holder => new AlreadyPersisted(),
            { Answer: not null } when IsNewer(lease, answered) => new Discarded(),
            _ => new Persist(Under(lease, answered) with { Ambiguous = answered.Ambiguous || lease.PresentedAt > answered.PresentedAt }),
        };
    }

    /// <summary>
    /// The connection went on with its former tokens while a code was exchanged, and no later consent came. The code's tokens count: they come
    /// with the consent that the user has just given. A refresh of the former tokens that is under way does not change that.
    /// </summary>
    private static bool IsOvertakenExchange(Connection connection, Lease? lease, Lease answered, DateTimeOffset consentExpiresAt) =>
        answered.Kind is LeaseKind.Exchange
        && lease is null or { Kind: LeaseKind.Refresh }
        && connection.CommittedBy != answered.AttemptId
        && !(connection.ConsentExpiresAt >= consentExpiresAt);

    /// <summary>A former holder of this attempt committed an answer, but this holder presented the token after that: this answer is newer.</summary>
    private static bool IsNewerThanCommitted(Connection connection, Lease? lease, Lease answered) =>
        lease is null
        && connection.Generation == answered.ToGeneration
        && connection.CommittedBy == answered.AttemptId
        && connection.PresentedAt < answered.PresentedAt;

    /// <summary>
    /// Of a code's answer and a refresh's answer the code's counts, whichever token was presented later. Of two of one kind the answer to
    /// the later presentation counts.
    /// </summary>
    private static bool IsNewer(Lease lease, Lease answered) =>
        lease.Kind == answered.Kind ? lease.PresentedAt >= answered.PresentedAt : lease.Kind is LeaseKind.Exchange;

    /// <summary>The answered lease, to be written over the lease that is there.</summary>
    private static Lease Under(Lease? lease, Lease answered) => answered with { ETag = lease?.ETag ?? answered.ETag };
}
