using Azure;
using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>A widget link that was given out, and what came of it.</summary>
/// <param name="Key">SHA-256 of the state sent to finX: the state itself is not stored.</param>
/// <param name="FlowId">finX's id of the flow.</param>
/// <param name="ReturnUri">Where the user goes in the end.</param>
/// <param name="CallerState">The caller's own state, returned as it came.</param>
public sealed record Link(
    string Key,
    string FlowId,
    Uri ReturnUri,
    string? CallerState,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt)
{
    /// <summary>How long a connection that was never connected is kept after the end of its last link.</summary>
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);

    /// <summary>When a link that ends at this moment can be deleted, and a connection that has no other link.</summary>
    public static DateTimeOffset AbandonedAt(DateTimeOffset expiresAt) => expiresAt + AbandonedAfter;

    public LinkStatus Status { get; init; }

    /// <summary>What went wrong, in a word, where <see cref="Status"/> is <see cref="LinkStatus.Failed"/>.</summary>
    public string? Error { get; init; }

    public LinkMode Mode { get; init; }

    /// <summary>The one origin that the outcome is posted to; null where it is not posted.</summary>
    public string? Origin { get; init; }

    /// <summary>SHA-256, in base64url, of what the browser that began must show before the code is spent (RFC 7636's S256); null where it need not.</summary>
    public string? CodeChallenge { get; init; }

    /// <summary>The authorization code while it is held, sealed.</summary>
    public EncryptedValue? Code { get; init; }

    /// <summary>Keyed hash of the caller's Idempotency-Key; null without one.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Keyed hash of the request that the key came with first.</summary>
    public string? RequestHash { get; init; }

    /// <summary>The link itself, sealed, to answer a repeated request.</summary>
    public EncryptedValue? Location { get; init; }

    /// <summary>The trace in which the link was made, for the callback to refer to.</summary>
    public string? TraceContext { get; init; }

    public ETag ETag { get; init; }
}
