using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>Gets a newer token pair for a request, if nothing stands in the way: another process, a pause, a backoff.</summary>
public sealed class PairRenewal(RotationProtocol rotation, TokenCache cache, BackgroundWork background, RotationPolicy policy)
{
    /// <summary>
    /// The shortest time between two refreshes of a connection whose access token finX refused. A token that finX refuses for another reason
    /// would otherwise be replaced at every call.
    /// </summary>
    private static readonly TimeSpan BetweenForced = TimeSpan.FromMinutes(1);

    /// <summary>Refreshes the pair, or resumes the attempt that another process has left.</summary>
    /// <param name="lease">Prepared for a refresh. It is used up only by a refresh.</param>
    /// <returns><see cref="RotationOutcome.LostRace"/> while another process is refreshing.</returns>
    /// <exception cref="StorageException">Table Storage did not answer. Nothing was presented to finX.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer. Nothing was presented to finX.</exception>
    public async Task<RotationOutcome> RenewAsync(CurrentPair current, AccessRequest request, PreparedLease lease)
    {
        var snapshot = current.Snapshot;
        var isForced = request.IsRejected(snapshot.Connection.Generation) && snapshot.Connection.AccessExpiresAt > policy.Now;
        var outcome = ObstacleOf(snapshot, isForced) ?? (snapshot.Lease is null
            ? await rotation.RefreshAsync(snapshot, snapshot.Connection.CallerId, lease.Take(), isForced, current.Pair)
            : await rotation.RecoverAsync(snapshot));
        switch (outcome)
        {
            case RotationOutcome.Rotated { Pair: var rotated }:
                cache.Put(snapshot.Connection.CallerId, rotated);
                break;
            case RotationOutcome.NeedsReconsent:
                cache.Remove(snapshot.Connection.Id);
                break;
        }

        return outcome;
    }

    /// <summary>Finishes an attempt whose lease has expired, without making the caller wait. The caller is served from the persisted answer.</summary>
    public void FinishInBackground(ConnectionSnapshot snapshot)
    {
        if (snapshot.Lease is { } lease && lease.ExpiresAt <= policy.Now)
        {
            background.Start(() => rotation.RecoverAsync(snapshot));
        }
    }

    /// <summary>The reason not to act now. Null if there is none.</summary>
    private RotationOutcome? ObstacleOf(ConnectionSnapshot snapshot, bool isForced)
    {
        var now = policy.Now;
        return snapshot switch
        {
            { Lease: { } lease } when lease.IsHeld(now) => new RotationOutcome.LostRace(),
            { Lease: { } lease } when lease.ExpiresAt > now => new RotationOutcome.TryLater(TryLaterCause.FinxUnavailable, lease.ExpiresAt),
            { Lease: null, Connection: { RetryAt: { } retryAt, RetryCause: var cause } } when retryAt > now => new RotationOutcome.TryLater(cause ?? TryLaterCause.FinxUnavailable, retryAt),
            { Lease: null, Connection: { ForcedAt: { } forcedAt, Refusals: 0 } } when isForced && forcedAt + BetweenForced > now => new RotationOutcome.TryLater(TryLaterCause.FinxUnavailable, forcedAt + BetweenForced),
            _ => null,
        };
    }
}
