using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>What follows where finX gave no tokens, and its answer is known: it did not act, it refused this client, or it refused the token.</summary>
public sealed class DeclinedAttempt(RotationEnding ending, TokenPairCommit commit, RefusalWatch watch, RotationPolicy policy, RotationLog log)
{
    /// <summary>Acts on the answer. Only a refusal that is confirmed ends a connection; anything else is a pause.</summary>
    /// <exception cref="StorageException">Table Storage did not answer. The end of the lease brings a process that tries again.</exception>
    public Task<RotationOutcome> FollowAsync(Attempt attempt, TokenAnswer answer) => answer switch
    {
        TokenAnswer.NotProcessed { RetryAfter: var wish } => ending.PauseAsync(attempt, TryLaterCause.FinxUnavailable, wish),
        TokenAnswer.ClientRefused => ending.PauseAsync(attempt, TryLaterCause.FinxRefused, null),
        TokenAnswer.Dead { Status: var status, Error: var error } => RefusedAsync(attempt, status, error, isDead: true),
        TokenAnswer.Suspect { Status: var status, Error: var error } => RefusedAsync(attempt, status, error, isDead: false),
        _ => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    // The table may be older than the tokens, and the answer to an earlier presentation may have reached the vault. So a refusal is believed
    // only after a look into the vault.
    private async Task<RotationOutcome> RefusedAsync(Attempt attempt, int status, FinxError? error, bool isDead)
    {
        var lease = attempt.Lease;
        log.Refused(lease, status, error, isDead, attempt.IsAmbiguous);
        if (await ending.ConfirmRefusalAsync(attempt) is not { } current)
        {
            return new RotationOutcome.LostRace();
        }

        try
        {
            return await commit.FromVaultAsync(current) ?? await DecideAsync(current, isDead);
        }
        catch (VaultException)
        {
            return await ending.PauseAsync(current, TryLaterCause.FinxUnavailable, null);
        }
    }

    private async Task<RotationOutcome> DecideAsync(Attempt attempt, bool isDead)
    {
        if (attempt.Lease.Kind is LeaseKind.Exchange)
        {
            return isDead
                ? await ending.RefuseCodeAsync(attempt, watch.IsUnusual)
                : await ending.PauseAsync(attempt, TryLaterCause.FinxRefused, null);
        }

        watch.Refused(attempt.Connection.Id);
        var isUnusual = watch.IsUnusual;
        var first = attempt.Lease.RefusedAt ?? policy.Now;
        var refused = attempt with { Lease = attempt.Lease with { Refusals = attempt.Lease.Refusals + 1, RefusedAt = first } };
        var isOver = policy.IsOver(attempt.Connection);
        var verdict = RefusalVerdict.Of(isDead, refused.Lease.Refusals, policy.Now - first, policy.RefusalPause, isUnusual, watch.LastRotation > first, isOver);
        if (verdict.AskAgainAfter is not { } pause)
        {
            return await ending.EndAsync(refused, attempt.IsAmbiguous ? ReconsentReason.Ambiguous : isOver ? ReconsentReason.Expired : ReconsentReason.Refused);
        }

        if (isUnusual)
        {
            log.UnusuallyManyRefused();
        }

        return await ending.DeferAsync(refused, TryLaterCause.FinxUnavailable, policy.Now + pause);
    }
}
