using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>What a caller asks of an access token.</summary>
/// <param name="MinValidity">How long the token must be valid at least.</param>
/// <param name="RejectedGeneration">The generation that finX answered 401 to. It is refreshed only if it is still the current one.</param>
public sealed record AccessRequest(TimeSpan MinValidity, int? RejectedGeneration = null)
{
    /// <summary>One minute, which is enough to use the token.</summary>
    public static AccessRequest Default { get; } = new(TimeSpan.FromSeconds(60));

    /// <summary>Whether a pair meets the request. Half of a token's life is always enough. Otherwise a request for more would refresh at each call.</summary>
    public bool IsMetBy(TokenPair pair, DateTimeOffset now) => IsMetBy(pair.Generation, pair.ObtainedAt, pair.AccessExpiresAt, now);

    /// <summary>Whether a connection's pair meets the request, judged by its row.</summary>
    public bool IsMetBy(Connection connection, DateTimeOffset now) =>
        connection is { RefreshedAt: { } obtainedAt, AccessExpiresAt: { } expiresAt } && IsMetBy(connection.Generation, obtainedAt, expiresAt, now);

    private bool IsMetBy(int generation, DateTimeOffset obtainedAt, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        var half = (expiresAt - obtainedAt) / 2;
        return !IsRejected(generation) && expiresAt - now >= (MinValidity < half ? MinValidity : half);
    }

    /// <summary>Whether a pair may be served although it does not meet the request.</summary>
    public bool IsServedBy(TokenPair pair, DateTimeOffset now) => !IsRejected(pair.Generation) && pair.AccessExpiresAt > now;

    /// <summary>Whether this is the generation that finX refused.</summary>
    public bool IsRejected(int generation) => generation == RejectedGeneration;

    /// <summary>Whether a pair in memory may be older than the stores' one: the caller has seen a later generation.</summary>
    public bool IsBehind(TokenPair pair) => pair.Generation < RejectedGeneration;
}
