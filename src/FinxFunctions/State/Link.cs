using Azure;
using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>A widget link that a caller got, and the state of its flow.</summary>
/// <param name="Key">SHA-256 of the state sent to finX, in hex. The state itself is not stored.</param>
/// <param name="FlowId">finX's id of the flow.</param>
/// <param name="ReturnUri">Where the user goes at the end.</param>
/// <param name="CallerState">The caller's own state, returned unchanged.</param>
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

    /// <summary>Why <see cref="Status"/> is <see cref="LinkStatus.Failed"/>; else null.</summary>
    public string? Error { get; init; }

    public LinkMode Mode { get; init; }

    /// <summary>The one origin that the outcome is posted to; null in redirect mode.</summary>
    public string? Origin { get; init; }

    /// <summary>The code challenge: SHA-256, in base64url, of the verifier that confirms the flow (RFC 7636, S256); null where none is needed.</summary>
    public string? CodeChallenge { get; init; }

    /// <summary>The authorization code while it waits for the confirmation, encrypted.</summary>
    public EncryptedValue? Code { get; init; }

    /// <summary>SHA-256, in hex, of the last code that was presented for this link; null where none was. Another code is presented, the same one is not.</summary>
    public string? CodeHash { get; init; }

    /// <summary>Keyed hash of the caller's Idempotency-Key; null without one.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Keyed hash of the first request with this key.</summary>
    public string? RequestHash { get; init; }

    /// <summary>The link itself, encrypted, to answer a repeated request.</summary>
    public EncryptedValue? Location { get; init; }

    /// <summary>The trace context in which the link was created, to which the callback is linked (W3C).</summary>
    public string? TraceContext { get; init; }

    public ETag ETag { get; init; }
}
