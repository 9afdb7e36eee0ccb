using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// What follows where the last presentation has no usable answer. The token is presented again if the replay policy allows it now; else
/// the lease is suspended until it does, or the rotation ends.
/// </summary>
public sealed class Replay(Leases leases, GrantReader grants, RotationEnding ending, RotationPolicy policy, RotationLog log)
{
    /// <summary>Decides on a presentation whose outcome is unknown.</summary>
    /// <param name="why">Why it is unknown, for the log.</param>
    /// <exception cref="StorageException">Table Storage did not answer. The token was not presented again.</exception>
    public async Task<ReplayStep> NextAsync(Attempt attempt, string why)
    {
        var lease = attempt.Lease with { Ambiguous = true };
        log.Ambiguous(lease, why);
        attempt = attempt with { Lease = lease };
        if (lease.Kind is LeaseKind.Exchange)
        {
            return await NextForCodeAsync(attempt);
        }

        return policy.ReplayAt(lease, attempt.Connection) switch
        {
            null => await ending.EndAsync(attempt, ReconsentReason.Ambiguous),
            _ when policy.IsOver(attempt.Connection) => await ending.EndAsync(attempt, ReconsentReason.Ambiguous),
            { } at when at <= policy.Now => await PresentAgainAsync(attempt, policy.ReplaysAfter(lease)),
            { } at => await leases.SuspendAsync(lease, at) ? new RotationOutcome.Ambiguous(at) : new RotationOutcome.LostRace(),
        };
    }

    /// <summary>Records that the token is presented once more; it is presented after that.</summary>
    /// <exception cref="StorageException">Table Storage did not answer. The token was not presented again.</exception>
    /// <exception cref="VaultException">Key Vault did not give the token. It was not presented again.</exception>
    public async Task<ReplayStep> PresentAgainAsync(Attempt attempt, int replays) =>
        IsCodeOver(attempt.Lease) ? await ending.EndCodeAsync(attempt)
        : await leases.RenewAsync(attempt.Lease with { Replays = replays, PresentedAt = policy.Now, Unanswered = true }) is { } held
            ? attempt with { Lease = held, Grant = attempt.Grant ?? await grants.ReadAsync(attempt.Snapshot, held) }
            : new RotationOutcome.LostRace();

    /// <summary>
    /// A code is presented again after a pause, for as long as it may live. If the process that presented it is gone, the pause is over.
    /// </summary>
    private async Task<ReplayStep> NextForCodeAsync(Attempt attempt) =>
        policy.ReplayAt(attempt.Lease, attempt.Connection) is null ? await ending.EndAsync(attempt, ReconsentReason.Ambiguous)
        : attempt.Grant is null ? await PresentAgainAsync(attempt, policy.ReplaysAfter(attempt.Lease))
        : await ending.PauseCodeAsync(attempt, TryLaterCause.FinxUnavailable, null, ReconsentReason.Ambiguous);

    private bool IsCodeOver(Lease lease) => lease.Kind is LeaseKind.Exchange && policy.IsCodeExpired(lease);
}
