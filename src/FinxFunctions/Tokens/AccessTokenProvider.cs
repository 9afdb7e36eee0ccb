using System.Collections.Concurrent;
using FinxFunctions.Diagnostics;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>
/// Hands out access tokens. One flight a connection and process reads, waits and refreshes for all that ask at once; one lease a connection
/// decides among processes. What a flight has begun no caller cancels.
/// </summary>
public sealed class AccessTokenProvider(
    ConnectionStore store,
    TokenPairReader pairs,
    RotationProtocol rotation,
    Leases leases,
    TokenCache cache,
    BackgroundWork background,
    FinxMetrics metrics,
    IOptions<TokenOptions> options,
    RotationPolicy policy)
{
    /// <summary>A caller whose wish differs from that of the flight it joined asks again, this often at most.</summary>
    private const int MaximumFlights = 3;

    // Who waits for another process looks again after a quarter of the time it has waited: so late at most does it learn of the end.
    private const double PollGrowth = 1.25;
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Owner, string ConnectionId), Lazy<Task<AccessResult>>> _flights = new();

    /// <summary>An access token that finX honours, if there is a way to one.</summary>
    /// <exception cref="StorageException">Table Storage did not answer, and no valid token is at hand.</exception>
    /// <exception cref="VaultException">Key Vault did not answer, and no valid token is at hand.</exception>
    public async Task<AccessResult> GetAsync(string owner, string connectionId, AccessRequest request, CancellationToken cancellationToken)
    {
        if (!ConnectionId.IsValid(connectionId))
        {
            return Count(new AccessResult.UnknownConnection());
        }

        if (cache.Find(owner, connectionId) is { } cached && request.IsMetBy(cached, policy.Now))
        {
            return Count(new AccessResult.Granted(cached, AccessSource.Warm));
        }

        for (var flights = 1; ; flights++)
        {
            var (flight, isOwn) = Join(owner, connectionId, request);
            var result = await flight.WaitAsync(cancellationToken);
            if (isOwn || flights == MaximumFlights || result is not AccessResult.Granted { Pair: var pair } || request.IsMetBy(pair, policy.Now))
            {
                return Count(result);
            }
        }
    }

    private AccessResult Count(AccessResult result)
    {
        metrics.TokenRead(result.Name);
        return result;
    }

    private (Task<AccessResult> Flight, bool IsOwn) Join(string owner, string connectionId, AccessRequest request)
    {
        Lazy<Task<AccessResult>>? mine = null;
        mine = new Lazy<Task<AccessResult>>(() => background.RunAsync(async () =>
        {
            try
            {
                return await FlyAsync(owner, connectionId, request);
            }
            finally
            {
                _flights.TryRemove(KeyValuePair.Create((owner, connectionId), mine!));
            }
        }));
        var flight = _flights.GetOrAdd((owner, connectionId), mine);
        return (flight.Value, flight == mine);
    }

    private async Task<AccessResult> FlyAsync(string owner, string connectionId, AccessRequest request)
    {
        var until = policy.Now + options.Value.WaitLimit;
        var poll = FirstPoll;
        var atHand = cache.Find(owner, connectionId);

        // What is at hand will not do, so a refresh is likely.
        var foreseen = atHand is null ? null : leases.PrepareAsync(connectionId);
        try
        {
            while (true)
            {
                var snapshot = await store.ReadAsync(connectionId, CancellationToken.None);
                if (Closed(owner, snapshot) is { } closed)
                {
                    cache.Remove(connectionId);
                    return closed;
                }

                var isKnown = atHand?.Generation == snapshot!.Connection.Generation && snapshot.Lease is not { Answer: not null };
                if (!isKnown && snapshot.Lease is null && !request.IsMetBy(snapshot.Connection, policy.Now))
                {
                    foreseen ??= leases.PrepareAsync(connectionId);
                }

                var pair = isKnown ? atHand : await pairs.CurrentAsync(snapshot, CancellationToken.None);
                if (pair is null)
                {
                    return new AccessResult.NeedsReconsent(ReconsentReason.NotConnected);
                }

                atHand = pair;
                cache.Put(owner, pair);
                if (request.IsMetBy(pair, policy.Now))
                {
                    CatchUp(snapshot);
                    return new AccessResult.Granted(pair, AccessSource.Cold);
                }

                var outcome = Obstacle(snapshot);
                if (outcome is null && snapshot.Lease is null)
                {
                    (var noted, foreseen) = (foreseen, null);
                    outcome = await rotation.RefreshAsync(snapshot, pair, snapshot.Connection.CallerId, noted);
                }

                outcome ??= await rotation.RecoverAsync(snapshot);
                if (outcome is RotationOutcome.Rotated { Pair: var rotated })
                {
                    cache.Put(owner, rotated);
                    if (snapshot.Lease is null || request.IsMetBy(rotated, policy.Now))
                    {
                        return new AccessResult.Granted(rotated, AccessSource.Refreshed);
                    }

                    // What another had left unfinished is now finished, but may be over by now, or the very token that was rejected.
                    atHand = rotated;
                    continue;
                }

                if (outcome is RotationOutcome.NeedsReconsent)
                {
                    cache.Remove(connectionId);
                }

                var now = policy.Now;
                if (outcome is RotationOutcome.LostRace && now < until)
                {
                    await policy.DelayAsync(poll);
                    poll = poll * PollGrowth < LongestPoll ? poll * PollGrowth : LongestPoll;
                    continue;
                }

                return Settle(outcome, request, pair, now);
            }
        }
        catch (Exception exception) when (exception is StorageException or VaultException && atHand is not null && request.IsServedBy(atHand, policy.Now))
        {
            return new AccessResult.Granted(atHand, AccessSource.Stale);
        }
        finally
        {
            if (foreseen is not null)
            {
                leases.Unschedule(foreseen);
            }
        }
    }

    private static AccessResult? Closed(string owner, ConnectionSnapshot? snapshot) => snapshot?.Connection switch
    {
        null or { Status: ConnectionStatus.Deleted } => new AccessResult.UnknownConnection(),
        { CallerId: var whose } when whose != owner => new AccessResult.UnknownConnection(),
        { Status: ConnectionStatus.NeedsReconsent, Reason: var reason } => new AccessResult.NeedsReconsent(reason ?? ReconsentReason.Refused),
        { Status: ConnectionStatus.Pending } when snapshot.Lease is not { Answer: not null } => new AccessResult.NeedsReconsent(ReconsentReason.NotConnected),
        _ => null,
    };

    /// <summary>What keeps this flight from acting; null where nothing does.</summary>
    private RotationOutcome? Obstacle(ConnectionSnapshot snapshot)
    {
        var now = policy.Now;
        return snapshot switch
        {
            { Lease: { } lease } when lease.IsHeld(now) => new RotationOutcome.LostRace(),
            { Lease: { } lease } when lease.ExpiresAt > now => new RotationOutcome.TryLater(TryLaterCause.FinxUnavailable, lease.ExpiresAt),
            { Lease: null, Connection: { RetryAt: { } retryAt, RetryCause: var cause } } when retryAt > now => new RotationOutcome.TryLater(cause ?? TryLaterCause.FinxUnavailable, retryAt),
            _ => null,
        };
    }

    /// <summary>Nothing new is to be had: what is at hand is served while it is valid.</summary>
    private static AccessResult Settle(RotationOutcome outcome, AccessRequest request, TokenPair pair, DateTimeOffset now) => outcome switch
    {
        RotationOutcome.NeedsReconsent { Reason: var reason } => new AccessResult.NeedsReconsent(reason),
        _ when request.IsServedBy(pair, now) => new AccessResult.Granted(pair, AccessSource.Stale),
        RotationOutcome.TryLater { Cause: var cause, RetryAt: var at } => new AccessResult.TryLater(cause, at - now),
        RotationOutcome.Ambiguous { RetryAt: var at } => new AccessResult.TryLater(TryLaterCause.FinxUnavailable, at - now),
        _ => new AccessResult.TryLater(TryLaterCause.Busy, LongestPoll),
    };

    /// <summary>An answer that waits for the vault, its owner gone: the caller is served, and the rest is done behind its back.</summary>
    private void CatchUp(ConnectionSnapshot snapshot)
    {
        if (snapshot.Lease is { } lease && lease.ExpiresAt <= policy.Now)
        {
            background.Start(() => rotation.RecoverAsync(snapshot));
        }
    }
}
