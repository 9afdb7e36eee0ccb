using Azure;
using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>A user's access to bank accounts, without its tokens.</summary>
public sealed record Connection
{
    /// <summary>32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The caller that it belongs to.</summary>
    public required string CallerId { get; init; }

    /// <summary>The keyed hash by which the user's connections are found. Empty once deleted.</summary>
    public required string UserKey { get; init; }

    /// <summary>The caller's id of the user, as sent to finX, encrypted; null once deleted.</summary>
    public EncryptedValue? UserId { get; init; }

    public ConnectionStatus Status { get; init; }

    /// <summary>The number of the token pair in use; 0 until connected.</summary>
    public int Generation { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the token pair in use was obtained.</summary>
    public DateTimeOffset? RefreshedAt { get; init; }

    public DateTimeOffset? AccessExpiresAt { get; init; }

    public DateTimeOffset? RefreshExpiresAt { get; init; }

    /// <summary>When the timer redeems the refresh token, if no caller needs a new access token before.</summary>
    public DateTimeOffset? NextRotationAt { get; init; }

    public DateTimeOffset? ConsentExpiresAt { get; init; }

    public string? Scope { get; init; }

    /// <summary>Why the status is <see cref="ConnectionStatus.NeedsReconsent"/>; else null.</summary>
    public string? Reason { get; init; }

    /// <summary>The vault that holds this connection's secrets. It never changes.</summary>
    public required Uri Vault { get; init; }

    /// <summary>The exact secret version of the token pair in use, as Key Vault names it.</summary>
    public Uri? SecretId { get; init; }

    /// <summary>Whether the pair is larger than a secret may be. It is then in a row of its own, encrypted.</summary>
    public bool HasOverflow { get; init; }

    /// <summary>Name of a secret that is not used any more and is still to be deleted.</summary>
    public string? RetiredSecret { get; init; }

    /// <summary>The attempt that committed the pair in use. A writer recognises its own commit by it when the answer was lost.</summary>
    public string? CommittedBy { get; init; }

    /// <summary>When the token was presented that brought the pair in use. Of two answers, that of the later presentation counts.</summary>
    public DateTimeOffset? PresentedAt { get; init; }

    /// <summary>
    /// Whether a presentation of the former token got no answer. finX may have acted on it after the presentation that brought this pair, and
    /// so made this pair worthless. If finX refuses this pair, the reason is unknown.
    /// </summary>
    public bool FormerPresentationUnanswered { get; init; }

    /// <summary>The trace context of the rotation that brought the pair in use, to which the next is linked (W3C).</summary>
    public string? TraceContext { get; init; }

    /// <summary>The due entry that leads the timer here.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Refreshes in a row that failed for passing reasons.</summary>
    public int Failures { get; init; }

    /// <summary>Not to be tried again before this.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Refusals of the refresh token in use, in a row. finX is asked again before it is believed.</summary>
    public int Refusals { get; init; }

    /// <summary>When finX first refused the refresh token in use; null where it did not.</summary>
    public DateTimeOffset? RefusedAt { get; init; }

    /// <summary>When a caller last had the pair replaced because finX refused its access token.</summary>
    public DateTimeOffset? ForcedAt { get; init; }

    /// <summary>Whether a row holds an answer of finX, encrypted, that could not be read. It is kept until a newer generation is committed.</summary>
    public bool HasUnreadable { get; init; }

    /// <summary>The access token in use, encrypted, where <c>Tokens__ColdReads</c> is <c>Row</c>; else null.</summary>
    public EncryptedValue? AccessToken { get; init; }

    /// <summary>The cause of the last passing failure.</summary>
    public TryLaterCause? RetryCause { get; init; }

    /// <summary>The version that was read. Every write is conditional on it.</summary>
    public ETag ETag { get; init; }
}
