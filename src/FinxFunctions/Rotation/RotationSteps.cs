using FinxFunctions.Finx;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>The protocol behind the lease: redeem, persist, vault and commit, and what follows where finX gives no usable answer.</summary>
public sealed class RotationSteps(Redemption redemption, AnswerPersistence answers, TokenPairCommit commit, Replay replay, RotationEnding ending)
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
                case TokenAnswer.Granted granted:
                    (outcome, attempt) = await answers.PersistAsync(attempt, granted.Body, FollowUnreadableAsync);
                    break;
                case TokenAnswer.Suspect:
                    outcome = await ending.PauseAsync(attempt, TryLaterCause.FinxUnavailable, null);
                    break;
                case TokenAnswer.Dead refused:
                    outcome = await RefusedAsync(attempt, refused.Error);
                    break;
                case TokenAnswer.ClientRefused:
                    outcome = await ending.PauseAsync(attempt, TryLaterCause.FinxRefused, null);
                    break;
                case TokenAnswer.NotProcessed notProcessed:
                    outcome = await ending.PauseAsync(attempt, TryLaterCause.FinxUnavailable, notProcessed.RetryAfter);
                    break;
                case null:
                    await ending.ReleaseUnpresentedAsync(attempt);
                    outcome = Obstacle ?? new RotationOutcome.LostRace();
                    break;
                default:
                    outcome = null;
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
        (var outcome, attempt) = await commit.CompleteAsync(attempt, body);
        return outcome ?? await FollowUnreadableAsync(attempt);
    }

    /// <summary>Goes on with a lease without a persisted answer.</summary>
    public async Task<RotationOutcome> ResumeAsync(Attempt attempt) =>
        (attempt.Lease.Unanswered ? await commit.FromVaultAsync(attempt.Snapshot, attempt.Lease) : null)
        ?? await FollowAsync(attempt.Lease.Unanswered ? await replay.NextAsync(attempt, "an earlier holder left no answer") : await replay.PresentAgainAsync(attempt, attempt.Lease.Replays));

    // An answer to an earlier presentation may have reached the vault. Otherwise the refusal ends the connection.
    private async Task<RotationOutcome> RefusedAsync(Attempt attempt, FinxError error)
    {
        if (await ending.ConfirmRefusalAsync(attempt, error) is not { } current)
        {
            return new RotationOutcome.LostRace();
        }

        var stored = attempt.Lease.Ambiguous ? await commit.FromVaultAsync(current.Snapshot, current.Lease) : null;
        return stored ?? (attempt.Lease.Kind is LeaseKind.Exchange ? await ending.RefuseCodeAsync(current) : null) ?? await ending.EndAsync(current, attempt.IsAmbiguous ? ReconsentReason.Ambiguous : ReconsentReason.Refused);
    }

    private async Task<RotationOutcome> FollowUnreadableAsync(Attempt attempt) => await FollowAsync(await replay.NextAsync(attempt, Unreadable));

    private async Task<RotationOutcome> FollowAsync(ReplayStep step) => step.Attempt is { } again ? await RunAsync(again) : step.Outcome!;
}
