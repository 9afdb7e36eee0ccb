using System.Text.Json.Serialization;
using Azure;
using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>
/// The right of one attempt to act on a connection until the lease expires. Its row records what was presented to finX, and holds finX's
/// answer, encrypted, before anything else can fail.
/// </summary>
public sealed record Lease
{
    public required string ConnectionId { get; init; }

    public required LeaseKind Kind { get; init; }

    /// <summary>The trace context of the attempt, to which the trace of a process that resumes it is linked (W3C).</summary>
    public string? TraceContext { get; init; }

    /// <summary>The generation that this attempt replaces. It is the fencing token, checked again at the commit.</summary>
    public required int FromGeneration { get; init; }

    /// <summary>Names the attempt, whichever process holds it. A writer recognises its own row by it when the answer to a write was lost.</summary>
    public required string AttemptId { get; init; }

    /// <summary>Names the process that acts now: a new name each time that the lease changes hands. Empty while the lease is suspended.</summary>
    public required string Holder { get; init; }

    /// <summary>On whose behalf, for the audit trail: a caller's id, or <see cref="Primitives.Actor.System"/>.</summary>
    public string Actor { get; init; } = Primitives.Actor.System;

    /// <summary>Until then only the holder acts. After it, the first process that comes resumes the attempt.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>SHA-256 of the token that is presented, in hex.</summary>
    public string? TokenHash { get; init; }

    /// <summary>When the token was last presented, or about to be.</summary>
    public DateTimeOffset PresentedAt { get; init; }

    /// <summary>How often the token was presented in the current window of the replay policy beyond the first time.</summary>
    public int Replays { get; init; }

    /// <summary>Whether the token was presented and the answer is not recorded yet. It is written before the token is presented, and taken back if the process then does not present it.</summary>
    public bool Unanswered { get; init; }

    /// <summary>Whether finX may have acted on a presentation whose answer was lost. A refusal that follows may be caused by that presentation.</summary>
    public bool Ambiguous { get; init; }

    /// <summary>Passing failures since the lease began, for the backoff.</summary>
    public int Failures { get; init; }

    /// <summary>The authorization code, encrypted; null for a refresh, whose token is in Key Vault.</summary>
    public EncryptedValue? Code { get; init; }

    /// <summary>The row key of the link that the code came for.</summary>
    public string? LinkKey { get; init; }

    /// <summary>finX's answer as it came, encrypted.</summary>
    public EncryptedValue? Answer { get; init; }

    /// <summary>An answer of finX, encrypted, that could not be read. It is kept until a newer generation is committed.</summary>
    public EncryptedValue? Unreadable { get; init; }

    /// <summary>Refusals of the token, in a row, since a presentation of it was left without an answer.</summary>
    public int Refusals { get; init; }

    /// <summary>When finX first refused the token; null where it did not.</summary>
    public DateTimeOffset? RefusedAt { get; init; }

    /// <summary>When the answer came. The lives of its tokens count from then.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>The generation that this attempt leads to.</summary>
    public int ToGeneration => FromGeneration + 1;

    /// <summary>Whether a process holds it now.</summary>
    public bool IsHeld(DateTimeOffset now) => Holder.Length > 0 && ExpiresAt > now;

    /// <summary>The version that was last read or written. Every write is conditional on it.</summary>
    [JsonIgnore]
    public ETag ETag { get; init; }
}
