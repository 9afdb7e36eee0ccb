using FinxFunctions.Finx;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>The ways in which a rotation ends without a new pair: paused, refused, or given up.</summary>
public sealed class RotationEnding(ConnectionStore store, Leases leases, RotationPolicy policy, RotationLog log)
{
    private static readonly TimeSpan RefusedCodePause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// finX did not act. If every presentation so far was answered, the lease is released. Otherwise it stays, suspended, to record that
    /// one was not.
    /// </summary>
    /// <param name="wish">How long finX asks to be left alone; null where it does not say.</param>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<RotationOutcome> PauseAsync(Attempt attempt, TryLaterCause cause, TimeSpan? wish)
    {
        attempt = attempt with { Lease = attempt.Lease with { Unanswered = false } };
        if (attempt.Lease.Kind is LeaseKind.Exchange)
        {
            return await PauseCodeAsync(attempt, cause, wish, cause is TryLaterCause.FinxRefused ? "finx_refused" : "finx_unavailable");
        }

        var failures = Math.Max(attempt.Lease.Failures, attempt.Connection.Failures) + 1;
        var retryAt = policy.RetryAt(failures, wish);
        if (attempt.Lease.Ambiguous)
        {
            await leases.SuspendAsync(attempt.Lease with { Failures = failures }, retryAt);
        }
        else
        {
            await leases.ReleaseAsync(attempt.Snapshot, attempt.Lease, (held, mine) =>
                new ConnectionChange(held.Connection with { Failures = failures, RetryAt = retryAt, RetryCause = cause }) { Release = mine });
        }

        return new RotationOutcome.TryLater(cause, retryAt);
    }

    /// <summary>
    /// The token was not presented since the lease was taken. The lease's row says so and is free at once, so that the next process presents
    /// the token without counting a replay.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer. The next process waits for the end of the lease.</exception>
    public Task ReleaseUnpresentedAsync(Attempt attempt) => leases.SuspendAsync(attempt.Lease with { Unanswered = false }, policy.Now);

    /// <summary>
    /// finX refused the token. The refusal counts only if the connection is still where it was when the token was presented.
    /// </summary>
    /// <returns>The attempt with its rows as they are now; null where another process changed them.</returns>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<Attempt?> ConfirmRefusalAsync(Attempt attempt, FinxError error)
    {
        var lease = attempt.Lease;
        log.Refused(lease.ConnectionId, lease.ToGeneration, error, attempt.IsAmbiguous);
        return await store.ReadAsync(lease.ConnectionId, CancellationToken.None) is { Lease: { Answer: null } mine } current
            && current.Connection.Generation == lease.FromGeneration
            && mine.Holder == lease.Holder
                ? attempt with { Snapshot = current, Lease = mine }
                : null;
    }

    /// <summary>Ends an attempt. A refresh that ends here leaves the connection to its user; an exchange leaves the connection as it was.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<RotationOutcome> EndAsync(Attempt attempt, string reason)
    {
        var (isDone, _) = await leases.ReleaseAsync(attempt.Snapshot, attempt.Lease, (held, mine) => new ConnectionChange(mine.Kind is LeaseKind.Exchange ? held.Connection : Ended(held.Connection, reason))
        {
            Release = mine,
            Links = LinkConclusion.Of(held, mine, LinkStatus.Failed, reason),
        });
        return await RecordAsync(isDone, attempt.Connection, attempt.Lease.Kind, attempt.Lease.Actor, reason);
    }

    /// <summary>Ends a connection that has no lease.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<RotationOutcome> EndAsync(ConnectionSnapshot snapshot, string reason, string actor) => await RecordAsync(
        await store.TryWriteAsync(new ConnectionChange(Ended(snapshot.Connection, reason)), CancellationToken.None) is not null,
        snapshot.Connection,
        LeaseKind.Refresh,
        actor,
        reason);

    /// <summary>
    /// finX gave no tokens for a code. The lease is suspended, and the code is presented again after a pause, for as long as it may live.
    /// Then the flow fails.
    /// </summary>
    /// <param name="error">Why the flow fails, if it does.</param>
    /// <exception cref="StorageException">Table Storage did not answer. The code is presented again when the lease expires.</exception>
    public async Task<RotationOutcome> PauseCodeAsync(Attempt attempt, TryLaterCause cause, TimeSpan? wish, string error)
    {
        var lease = attempt.Lease;
        if (policy.CodeRetryAt(lease, wish) is not { } at)
        {
            return await EndAsync(attempt, lease.Ambiguous ? ReconsentReason.Ambiguous : error);
        }

        if (!await leases.SuspendAsync(lease with { Failures = lease.Failures + 1, Unanswered = false }, at))
        {
            return new RotationOutcome.LostRace();
        }

        leases.Unschedule(lease);
        return new RotationOutcome.TryLater(cause, at);
    }

    /// <summary>
    /// finX refused a code. It is presented once more after a pause, because not every node of finX may know a new code at once. The second
    /// refusal fails the flow.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer. The code is presented again when the lease expires.</exception>
    public async Task<RotationOutcome> RefuseCodeAsync(Attempt attempt)
    {
        var lease = attempt.Lease;
        return lease.Refusals > 0
            ? await EndCodeAsync(attempt)
            : await PauseCodeAsync(attempt with { Lease = lease with { Failures = 0, Refusals = 1, RefusedAt = policy.Now } }, TryLaterCause.FinxUnavailable, RefusedCodePause, ReconsentReason.Refused);
    }

    /// <summary>Ends the exchange of a code that finX refused twice, or whose life is over.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task<RotationOutcome> EndCodeAsync(Attempt attempt) => EndAsync(attempt, attempt.Lease switch
    {
        { Ambiguous: true } => ReconsentReason.Ambiguous,
        { Refusals: > 0 } => ReconsentReason.Refused,
        _ => "finx_unavailable",
    });

    private async Task<RotationOutcome> RecordAsync(bool isDone, Connection connection, LeaseKind kind, string actor, string reason)
    {
        if (!isDone)
        {
            return new RotationOutcome.LostRace();
        }

        await log.EndedAsync(connection, kind, actor, reason);
        return new RotationOutcome.NeedsReconsent(reason);
    }

    private static Connection Ended(Connection connection, string reason) =>
        connection with { Status = ConnectionStatus.NeedsReconsent, Reason = reason, NextRotationAt = null, Failures = 0, RetryAt = null, RetryCause = null };
}
