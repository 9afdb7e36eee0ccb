using FinxFunctions.Finx;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>The protocol behind the lease: redeem, persist, vault and commit, and what follows where finX gives no usable answer.</summary>
public sealed class RotationSteps(Redemption redemption, AnswerPersistence answers, Replay replay, DeclinedAttempt declined, RedeemablePair redeemable)
{
    private const string Unreadable = "the answer cannot be read";

    /// <summary>Why no token can be presented at present; null where one can.</summary>
    public RotationOutcome? Obstacle => redemption.Obstacle;

    /// <summary>Whether this process stops: it takes over no lease any more.</summary>
    public bool IsStopping => redemption.IsStopping;

    /// <summary>Presents the token, and acts on what comes of it.</summary>
    /// <exception cref="StorageException">Table Storage did not answer. The lease's row tells the next process where to resume.</exception>
    public async Task<RotationOutcome> RunAsync(Attempt attempt)
    {
        while (true)
        {
            (var answer, attempt) = await redemption.PresentAsync(attempt);
            RotationOutcome? outcome;
            switch (answer)
            {
                case TokenAnswer.Granted { Body: var body }:
                    (outcome, attempt) = await answers.PersistAsync(attempt, body, FollowUnreadableAsync);
                    break;
                case TokenAnswer.Unknown { Body: { Length: > 0 } body }:
                    (outcome, attempt) = await answers.PersistAsync(attempt, body, FollowUnreadableAsync);
                    break;
                case TokenAnswer.Unknown:
                    outcome = null;
                    break;
                case null:
                    await redemption.ReleaseUnpresentedAsync(attempt);
                    outcome = Obstacle ?? new RotationOutcome.LostRace();
                    break;
                default:
                    outcome = await declined.FollowAsync(attempt, answer);
                    break;
            }

            if (outcome is not null)
            {
                return outcome;
            }

            var next = await replay.NextAsync(attempt, answer is TokenAnswer.Unknown unknown ? unknown.Why : Unreadable);
            if (next is not { Attempt: { } again })
            {
                return next.Outcome!;
            }

            attempt = again;
        }
    }

    /// <summary>Goes on with an answer that was persisted.</summary>
    public async Task<RotationOutcome> CompleteAsync(Attempt attempt, ReadOnlyMemory<byte> body)
    {
        (var outcome, attempt) = await answers.CompleteAsync(attempt, body);
        return outcome ?? await FollowUnreadableAsync(attempt);
    }

    /// <summary>Goes on with a lease without a persisted answer.</summary>
    public async Task<RotationOutcome> ResumeAsync(Attempt attempt)
    {
        var resumed = await redeemable.ResumeAsync(attempt);
        return resumed.Attempt is not { } again ? resumed.Outcome!
            : await FollowAsync(again.Lease.Unanswered ? await replay.NextAsync(again, "an earlier holder left no answer") : await replay.PresentAgainAsync(again, again.Lease.Replays));
    }

    private async Task<RotationOutcome> FollowUnreadableAsync(Attempt attempt) => await FollowAsync(await replay.NextAsync(attempt, Unreadable));

    private async Task<RotationOutcome> FollowAsync(ReplayStep step) => step.Attempt is { } again ? await RunAsync(again) : step.Outcome!;
}
