using System.Collections.Concurrent;
using FinxFunctions.Diagnostics;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>
/// Hands out access tokens. Within a process, one acquisition per connection serves all requests that come meanwhile. Among processes, a lease
/// decides which one refreshes. No caller cancels an acquisition. Requests are coalesced here and not by a library, because the result must
/// not be stored: the cache decides how long a pair is served.
/// </summary>
public sealed class AccessTokenProvider(TokenAcquisition acquisition, TokenCache cache, BackgroundWork background, FinxMetrics metrics, CallerWait wait)
{
    /// <summary>A request that joins the acquisition of another may ask for more than that one. Then it tries again, at most this often.</summary>
    private const int MaximumAcquisitions = 3;

    /// <summary>When a caller that waited in vain may ask again.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string CallerId, string ConnectionId), Lazy<Task<AccessResult>>> _acquisitions = new();

    /// <summary>An access token that finX accepts, or the reason why there is none.</summary>
    /// <exception cref="State.StorageException">Table Storage did not answer, and there is no valid token in memory.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer, and there is no valid token in memory.</exception>
    public async Task<AccessResult> GetAsync(string callerId, string connectionId, AccessRequest request, CancellationToken cancellationToken)
    {
        var result = ConnectionId.IsValid(connectionId)
            ? FromCache(callerId, connectionId, request) ?? await AcquireAsync(callerId, connectionId, request, cancellationToken)
            : new AccessResult.UnknownConnection();
        metrics.TokenRead(result.Name);
        return result;
    }

    private AccessResult.Granted? FromCache(string callerId, string connectionId, AccessRequest request) =>
        cache.Find(callerId, connectionId) is { } cached && !request.IsBehind(cached) && request.IsMetBy(cached, wait.Now) ? new AccessResult.Granted(cached, AccessSource.Warm) : null;

    private async Task<AccessResult> AcquireAsync(string callerId, string connectionId, AccessRequest request, CancellationToken cancellationToken)
    {
        for (var acquisitions = 1; ; acquisitions++)
        {
            var (running, isOwn) = Join(callerId, connectionId, request);
            if (await wait.ForAsync(running, cancellationToken) is not { } result)
            {
                return cache.Find(callerId, connectionId) is { } latest && !request.IsBehind(latest) && request.IsServedBy(latest, wait.Now)
                    ? new AccessResult.Granted(latest, AccessSource.Stale)
                    : new AccessResult.TryLater(TryLaterCause.Busy, AskAgain);
            }

            if (isOwn || acquisitions == MaximumAcquisitions || result is not AccessResult.Granted { Pair: var pair } || request.IsMetBy(pair, wait.Now))
            {
                return result;
            }
        }
    }

    /// <summary>Joins the acquisition that is running for this connection, or starts one.</summary>
    private (Task<AccessResult> Acquisition, bool IsOwn) Join(string callerId, string connectionId, AccessRequest request)
    {
        Lazy<Task<AccessResult>>? own = null;
        own = new Lazy<Task<AccessResult>>(() => background.RunAsync(async () =>
        {
            try
            {
                return await acquisition.RunAsync(callerId, connectionId, request);
            }
            finally
            {
                _acquisitions.TryRemove(KeyValuePair.Create((callerId, connectionId), own!));
            }
        }));
        var running = _acquisitions.GetOrAdd((callerId, connectionId), own);
        return (running.Value, running == own);
    }
}
