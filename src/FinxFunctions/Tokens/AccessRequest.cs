using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>What a caller wants of an access token.</summary>
/// <param name="MinValidity">How long it must be good for at least.</param>
/// <param name="RejectedGeneration">The generation that finX answered 401 to; refreshes only if it is still the current one.</param>
public sealed record AccessRequest(TimeSpan MinValidity, int? RejectedGeneration = null)
{
    /// <summary>One minute: time to use it.</summary>
    public static AccessRequest Default { get; } = new(TimeSpan.FromSeconds(60));

    /// <summary>Whether a pair will do. No token can be asked to be good for more than half of its life, or each request would refresh it.</summary>
    public bool IsMetBy(TokenPair pair, DateTimeOffset now) => IsMetBy(pair.Generation, pair.ObtainedAt, pair.AccessExpiresAt, now);

    /// <summary>Whether a connection's pair will do, as its row tells.</summary>
    public bool IsMetBy(Connection connection, DateTimeOffset now) =>
        connection is { RefreshedAt: { } obtainedAt, AccessExpiresAt: { } expiresAt } && IsMetBy(connection.Generation, obtainedAt, expiresAt, now);

    private bool IsMetBy(int generation, DateTimeOffset obtainedAt, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        var half = (expiresAt - obtainedAt) / 2;
        return generation != RejectedGeneration && expiresAt - now >= (MinValidity < half ? MinValidity : half);
    }

    /// <summary>Whether a pair is better than nothing.</summary>
    public bool IsServedBy(TokenPair pair, DateTimeOffset now) => pair.Generation != RejectedGeneration && pair.AccessExpiresAt > now;
}
