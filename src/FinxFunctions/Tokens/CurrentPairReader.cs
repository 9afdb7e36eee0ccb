using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>Reads a connection and its newest token pair, with as few calls to Key Vault as possible.</summary>
public sealed class CurrentPairReader(ConnectionStore store, TokenPairReader pairs, TokenCache cache, TimeProvider time)
{
    /// <summary>The cached pair. Null if there is none, or it is another caller's.</summary>
    public TokenPair? FromCache(string callerId, string connectionId) => cache.Find(callerId, connectionId);

    /// <summary>The newest pair, or the refusal if the caller can get none. Prepares the lease if the connection's row says that the pair will not do.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="VaultException">Key Vault did not return the pair.</exception>
    public async Task<(AccessResult? Refusal, CurrentPair? Current)> ReadAsync(AcquisitionState state)
    {
        var snapshot = await store.ReadAsync(state.ConnectionId, CancellationToken.None);
        if (RefusalOf(snapshot, state.CallerId) is { } refusal)
        {
            cache.Remove(state.ConnectionId);
            return (refusal, null);
        }

        var known = IsNewest(state.Latest, snapshot!) ? state.Latest : null;
        if (snapshot!.Lease is not { Answer: not null } && !state.Request.IsMetBy(snapshot.Connection, time.GetUtcNow()))
        {
            if (snapshot.Lease is null)
            {
                state.Lease.Prepare();
            }

            return (null, new CurrentPair(snapshot, known));
        }

        if ((known ?? await NewestAsync(snapshot)) is not { } pair)
        {
            return (new AccessResult.NeedsReconsent(ReconsentReason.NotConnected), null);
        }

        cache.Put(state.CallerId, pair);
        return (null, new CurrentPair(snapshot, pair));
    }

    /// <summary>The pair of a connection that was read, if it may be served although it does not meet the request. Null if there is none.</summary>
    /// <exception cref="VaultException">Key Vault did not return the pair.</exception>
    public async Task<TokenPair?> ServedAsync(CurrentPair current, AccessRequest request)
    {
        var (snapshot, pair) = current;
        var now = time.GetUtcNow();
        if (pair is null && snapshot.Connection is { AccessExpiresAt: { } end, Generation: var generation } && end > now && !request.IsRejected(generation))
        {
            pair = await NewestAsync(snapshot);
        }

        return pair is not null && request.IsServedBy(pair, now) ? pair : null;
    }

    /// <summary>The newest pair: from the row, where it holds the access token; else from Key Vault.</summary>
    private async Task<TokenPair?> NewestAsync(ConnectionSnapshot snapshot) =>
        await pairs.FromRowAsync(snapshot, CancellationToken.None) ?? await pairs.CurrentAsync(snapshot, CancellationToken.None);

    /// <summary>Whether a pair is the newest one of the connection. An answer of finX that is persisted but not committed yet holds a newer one.</summary>
    private static bool IsNewest(TokenPair? pair, ConnectionSnapshot snapshot) =>
        pair?.Generation == snapshot.Connection.Generation && snapshot.Lease is not { Answer: not null };

    private static AccessResult? RefusalOf(ConnectionSnapshot? snapshot, string callerId) => snapshot?.Connection switch
    {
        null or { Status: ConnectionStatus.Deleted } => new AccessResult.UnknownConnection(),
        { CallerId: var other } when other != callerId => new AccessResult.UnknownConnection(),
        { Status: ConnectionStatus.NeedsReconsent, Reason: var reason } when snapshot.Lease is not { Answer: not null } => new AccessResult.NeedsReconsent(reason ?? ReconsentReason.Refused),
        { Status: ConnectionStatus.Pending } when snapshot.Lease is not { Answer: not null } => new AccessResult.NeedsReconsent(ReconsentReason.NotConnected),
        _ => null,
    };
}
