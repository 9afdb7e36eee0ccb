using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>Acquires an access token: reads the current pair, refreshes it if it will not do, and waits if another process is refreshing it.</summary>
public sealed class TokenAcquisition(CurrentPairReader reader, PairRenewal renewal, Leases leases, IOptions<TokenOptions> options, RotationPolicy policy)
{
    // Each wait is a quarter longer than the one before. So the end of another process's refresh is noticed late by a quarter of the time
    // waited, at most.
    private const double PollGrowth = 1.25;

    /// <summary>How often one acquisition may rotate: once to finish what another process has left, and once more for itself.</summary>
    private const int MostRotations = 3;
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    /// <summary>Acquires a token, waiting for another process at most <see cref="TokenOptions.WaitLimit"/>.</summary>
    /// <exception cref="StorageException">Table Storage did not answer, and no pair was found before that is still valid.</exception>
    /// <exception cref="VaultException">Key Vault did not answer, and no pair was found before that is still valid.</exception>
    public async Task<AccessResult> RunAsync(string callerId, string connectionId, AccessRequest request)
    {
        using var lease = new PreparedLease(leases, connectionId);
        var state = new AcquisitionState(callerId, connectionId, request, lease) { Latest = reader.FromCache(callerId, connectionId) };
        if (state.Latest is not null)
        {
            // The cached pair will not do, so a refresh is likely.
            lease.Prepare();
        }

        try
        {
            return await RunAsync(state);
        }
        catch (Exception exception) when (exception is StorageException or VaultException && state.Latest is { } latest && !request.IsBehind(latest) && request.IsServedBy(latest, policy.Now))
        {
            return new AccessResult.Granted(latest, AccessSource.Stale);
        }
    }

    private async Task<AccessResult> RunAsync(AcquisitionState state)
    {
        // A poll's time before the caller stops to wait, so that it gets a better answer than none.
        var until = policy.Now + options.Value.WaitLimit - LongestPoll;
        var poll = FirstPoll;
        var rotations = 0;
        while (true)
        {
            var (refusal, current) = await reader.ReadAsync(state);
            if (current is null)
            {
                return refusal!;
            }

            state.Latest = current.Pair ?? state.Latest;
            if (current.Pair is { } pair && state.Request.IsMetBy(pair, policy.Now))
            {
                renewal.FinishInBackground(current.Snapshot);
                return new AccessResult.Granted(pair, AccessSource.Cold);
            }

            switch (await renewal.RenewAsync(current, state.Request, state.Lease))
            {
                case RotationOutcome.Rotated { Pair: var rotated } when IsEnough(rotated, current, state.Request):
                    return new AccessResult.Granted(rotated, AccessSource.Refreshed);
                case RotationOutcome.Rotated { Pair: var rotated } when ++rotations < MostRotations:
                    // This finished an attempt that another process had left. Its pair may have expired since, or be the one that was rejected.
                    // Or finX's answer had no access token.
                    state.Latest = rotated;
                    break;
                case RotationOutcome.LostRace when policy.Now < until:
                    await policy.DelayAsync(poll);
                    poll = poll * PollGrowth < LongestPoll ? poll * PollGrowth : LongestPoll;
                    break;
                case var outcome:
                    return await ResultOfAsync(outcome, state.Request, current);
            }
        }
    }

    // A pair that was obtained just now is handed out even where finX gave it a short life.
    private bool IsEnough(TokenPair rotated, CurrentPair before, AccessRequest request) =>
        request.IsMetBy(rotated, policy.Now) || (before.Snapshot.Lease is null && request.IsServedBy(rotated, policy.Now));

    /// <summary>The result where there is no new pair. The current pair is served as long as it is valid.</summary>
    private async Task<AccessResult> ResultOfAsync(RotationOutcome outcome, AccessRequest request, CurrentPair current) => outcome switch
    {
        RotationOutcome.NeedsReconsent { Reason: var reason } => new AccessResult.NeedsReconsent(reason),
        _ when await reader.ServedAsync(current, request) is { } pair => new AccessResult.Granted(pair, AccessSource.Stale),
        RotationOutcome.TryLater { Cause: var cause, RetryAt: var at } => new AccessResult.TryLater(cause, at - policy.Now),
        RotationOutcome.Ambiguous { RetryAt: var at } => new AccessResult.TryLater(TryLaterCause.FinxUnavailable, at - policy.Now),
        _ => new AccessResult.TryLater(TryLaterCause.Busy, LongestPoll),
    };
}
