using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>The ways in which a rotation ends without a new pair: paused, refused, or given up.</summary>
public sealed class RotationEnding(ConnectionStore store, Leases leases, SharedGrants sharedGrants, RotationPolicy policy, RotationLog log)
{
    private static readonly TimeSpan RefusedCodePause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// finX did not act, or refused this client. The attempt is tried again after a backoff.
    /// </summary>
    /// <param name="wish">How long finX asks to be left alone; null where it does not say.</param>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<RotationOutcome> PauseAsync(Attempt attempt, TryLaterCause cause, TimeSpan? wish)
    {
        if (attempt.Lease.Kind is LeaseKind.Exchange)
        {
            return await PauseCodeAsync(attempt, cause, wish, cause is TryLaterCause.FinxRefused ? "finx_refused" : "finx_unavailable");
        }

        var failures = Math.Max(attempt.Lease.Failures, attempt.Connection.Failures) + 1;
        return await DeferAsync(attempt with { Lease = attempt.Lease with { Failures = failures } }, cause, policy.RetryAt(failures, wish));
    }

    /// <summary>
    /// Leaves a refresh alone until a time, but not past the life of its token: then the connection ends. If every presentation so far was
    /// answered, the lease is released. Otherwise it stays, suspended, to record that one was not.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<RotationOutcome> DeferAsync(Attempt attempt, TryLaterCause cause, DateTimeOffset retryAt)
    {
        if (policy.IsOver(attempt.Connection))
        {
            return await EndAsync(attempt, attempt.IsAmbiguous ? ReconsentReason.Ambiguous : ReconsentReason.Expired);
        }

        var lease = attempt.Lease with { Unanswered = false };
        retryAt = attempt.Connection.RefreshExpiresAt is { } end && end < retryAt ? end : retryAt;
        if (lease.Ambiguous)
        {
            await leases.SuspendAsync(lease, retryAt);
        }
        else
        {
            await leases.ReleaseAsync(attempt.Snapshot, lease, (held, mine) => new ConnectionChange(held.Connection with
            {
                Failures = lease.Failures,
                RetryAt = retryAt,
                RetryCause = cause,
                Refusals = lease.Refusals,
                RefusedAt = lease.RefusedAt,
            })
            {
                Release = mine,
            });
        }

        return new RotationOutcome.TryLater(cause, retryAt);
    }

    /// <summary>
    /// finX refused the token. The refusal counts only if the connection is still where it was when the token was presented.
    /// </summary>
    /// <returns>The attempt with its rows as they are now; null where another process changed them.</returns>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<Attempt?> ConfirmRefusalAsync(Attempt attempt)
    {
        var lease = attempt.Lease;
        return await store.ReadAsync(lease.ConnectionId, CancellationToken.None) is { Lease: { Answer: null } mine } current
            && current.Connection.Generation == lease.FromGeneration
            && mine.Holder == lease.Holder
                ? attempt with { Snapshot = current, Lease = lease with { ETag = mine.ETag } }
                : null;
    }

    /// <summary>Ends an attempt. A refresh that ends here leaves the connection to its user; an exchange leaves the connection as it was.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<RotationOutcome> EndAsync(Attempt attempt, string reason)
    {
        var unreadable = attempt.Lease.Unreadable;
        var (isDone, _) = await leases.ReleaseAsync(attempt.Snapshot, attempt.Lease, (held, mine) => new ConnectionChange(Left(held.Connection, mine.Kind, reason, unreadable is not null))
        {
            Release = mine,
            Unreadable = unreadable,
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

        return await leases.SuspendAsync(lease with { Failures = lease.Failures + 1, Unanswered = false }, at)
            ? new RotationOutcome.TryLater(cause, at)
            : new RotationOutcome.LostRace();
    }

    /// <summary>
    /// finX refused a code. It is presented once more after a pause, because not every node of finX may know a new code at once. The second
    /// refusal fails the flow.
    /// </summary>
    /// <param name="isUnusual">Whether finX refuses unusually many tokens at present. Then a refusal says nothing about the code.</param>
    /// <exception cref="StorageException">Table Storage did not answer. The code is presented again when the lease expires.</exception>
    public async Task<RotationOutcome> RefuseCodeAsync(Attempt attempt, bool isUnusual)
    {
        var lease = attempt.Lease;
        return lease.Refusals > 0 && !isUnusual
            ? await EndCodeAsync(attempt)
            : await PauseCodeAsync(attempt with { Lease = lease with { Failures = isUnusual ? lease.Failures : 0, Refusals = lease.Refusals + 1, RefusedAt = lease.RefusedAt ?? policy.Now } }, TryLaterCause.FinxUnavailable, RefusedCodePause, ReconsentReason.Refused);
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
        if (kind is LeaseKind.Refresh && reason is ReconsentReason.Refused)
        {
            sharedGrants.Check(connection);
        }

        return new RotationOutcome.NeedsReconsent(reason);
    }

    private static Connection Left(Connection connection, LeaseKind kind, string reason, bool isUnreadable)
    {
        var left = kind is LeaseKind.Exchange ? connection : Ended(connection, reason);
        return isUnreadable ? left with { HasUnreadable = true } : left;
    }

    private static Connection Ended(Connection connection, string reason) =>
        connection with { Status = ConnectionStatus.NeedsReconsent, Reason = reason, NextRotationAt = null, Failures = 0, RetryAt = null, RetryCause = null, Refusals = 0, RefusedAt = null, AccessToken = null };
}
