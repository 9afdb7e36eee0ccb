using Azure;
using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>A user's access to bank accounts: what is known of it without its tokens.</summary>
public sealed record Connection
{
    /// <summary>32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The caller that it belongs to.</summary>
    public required string CallerId { get; init; }

    /// <summary>The keyed hash by which the user's connections are found; empty once deleted.</summary>
    public required string UserKey { get; init; }

    /// <summary>The caller's id of the user, as sent to finX, sealed; null once deleted.</summary>
    public EncryptedValue? UserId { get; init; }

    public ConnectionStatus Status { get; init; }

    /// <summary>0 until connected; then the number of the token pair in use.</summary>
    public int Generation { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the token pair in use was obtained.</summary>
    public DateTimeOffset? RefreshedAt { get; init; }

    public DateTimeOffset? AccessExpiresAt { get; init; }

    public DateTimeOffset? RefreshExpiresAt { get; init; }

    /// <summary>When the timer exchanges the refresh token if nobody needs a new access token before.</summary>
    public DateTimeOffset? NextRotationAt { get; init; }

    public DateTimeOffset? ConsentExpiresAt { get; init; }

    public string? Scope { get; init; }

    /// <summary>Why the status is what it is; null while all is well.</summary>
    public string? Reason { get; init; }

    /// <summary>The vault that this connection's secrets lie in, for good.</summary>
    public required Uri Vault { get; init; }

    /// <summary>The exact secret version of the token pair in use, as Key Vault names it.</summary>
    public Uri? SecretId { get; init; }

    /// <summary>Whether the pair is larger than a secret may be, and lies sealed in a row of its own.</summary>
    public bool HasOverflow { get; init; }

    /// <summary>Name of a secret that is no longer used and must still be deleted.</summary>
    public string? RetiredSecret { get; init; }

    /// <summary>The attempt that committed the pair in use: by it a writer knows its own success when the answer was lost.</summary>
    public string? CommittedBy { get; init; }

    /// <summary>When the token was presented that brought the pair in use: of two answers the later presentation's counts.</summary>
    public DateTimeOffset? PresentedAt { get; init; }

    /// <summary>
    /// Whether a presentation of the token before remained without an answer. finX may have acted on it after the one that brought this pair,
    /// and made the pair worthless by that: if it refuses the pair, nobody can say why.
    /// </summary>
    public bool FormerPresentationUnanswered { get; init; }

    /// <summary>The trace of the rotation that brought the pair in use, for the next to refer to.</summary>
    public string? TraceContext { get; init; }

    /// <summary>The schedule entry that will bring the timer here.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Refreshes in a row that failed for passing reasons.</summary>
    public int Failures { get; init; }

    /// <summary>Not to be tried again before this.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>What the last passing failure was.</summary>
    public TryLaterCause? RetryCause { get; init; }

    /// <summary>The version that was read; every write is conditional on it.</summary>
    public ETag ETag { get; init; }
}
