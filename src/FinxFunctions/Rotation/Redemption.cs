using FinxFunctions.Finx;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// Step 2, redeem: one <c>POST /auth/token</c>. The HTTP client does not repeat it, and its time-out is well below the lease.
/// </summary>
public sealed class Redemption(FinxTokenClient finx, Leases leases, RotationPolicy policy, BackgroundWork background, RotationLog log)
{
    /// <summary>Whether this process stops. It then presents no token any more.</summary>
    public bool IsStopping => background.Stopping.IsCancellationRequested;

    /// <summary>Why no token can be presented at present: this process stops, or the circuit is open. Null where one can.</summary>
    public RotationOutcome? Obstacle =>
        IsStopping ? new RotationOutcome.TryLater(TryLaterCause.Busy, policy.RetryAt(1, null))
        : finx.IsCircuitOpen ? new RotationOutcome.TryLater(TryLaterCause.FinxUnavailable, policy.RetryAt(1, null))
        : null;

    /// <summary>
    /// Presents the token. The answer is null where it was not presented: the lease might expire before finX answers, because the process
    /// was held up between the lease and here, or this process stops.
    /// </summary>
    public async Task<(TokenAnswer? Answer, Attempt Attempt)> PresentAsync(Attempt attempt)
    {
        if (!policy.HasTimeToRedeem(attempt.Lease.ExpiresAt) || IsStopping)
        {
            return (null, attempt);
        }

        var answer = await log.StepAsync("spend", () => finx.RedeemAsync(attempt.Grant!, policy.AnswerDeadline(attempt.Lease)));
        switch (answer)
        {
            case TokenAnswer.Granted:
                return (answer, attempt with { Lease = attempt.Lease with { AnsweredAt = policy.Now } });
            case TokenAnswer.ClientRefused refused:
                log.ClientRefused(attempt.Lease, refused);
                return (answer, attempt);
            case TokenAnswer.NotProcessed notProcessed:
                log.NotProcessed(attempt.Lease.ConnectionId, attempt.Lease.ToGeneration, notProcessed.Why);
                return (answer, attempt with { Lease = attempt.Lease with { Ambiguous = attempt.Lease.Ambiguous || notProcessed.MayHaveActed } });
            default:
                return (answer, attempt);
        }
    }

    /// <summary>
    /// The token was not presented since the lease was taken. The lease's row says so and is free at once, so that the next process presents
    /// the token without counting a replay.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer. The next process waits for the end of the lease.</exception>
    public Task ReleaseUnpresentedAsync(Attempt attempt) => leases.SuspendAsync(attempt.Lease with { Unanswered = false }, policy.Now);
}
