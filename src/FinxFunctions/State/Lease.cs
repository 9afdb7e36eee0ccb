using Azure;
using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>
/// The right to act on a connection, held by one attempt until its lease ends. It is the row that proves what was presented to finX,
/// and where finX's answer is kept, sealed, before anything else can fail.
/// </summary>
public sealed record Lease
{
    public required string ConnectionId { get; init; }

    public required LeaseKind Kind { get; init; }

    /// <summary>The trace of the attempt, for the one that goes on with it to refer to.</summary>
    public string? TraceContext { get; init; }

    /// <summary>The generation that this attempt replaces: the fencing token, checked again at the commit.</summary>
    public required int FromGeneration { get; init; }

    /// <summary>Names the attempt through all its hands, so that a writer knows its own row when the answer to a write was lost.</summary>
    public required string AttemptId { get; init; }

    /// <summary>The one who acts now: a new name each time that the lease changes hands. Empty while nobody acts and the lease is only a pause.</summary>
    public required string Holder { get; init; }

    /// <summary>On whose behalf, for the audit trail: the caller's, or the service's own.</summary>
    public string Actor { get; init; } = Primitives.Actor.System;

    /// <summary>Until then the owner acts, or nobody may; after it, whoever comes first finishes the attempt.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>SHA-256 of the token that is presented, in hex.</summary>
    public string? TokenHash { get; init; }

    /// <summary>When the token was last presented, or about to be.</summary>
    public DateTimeOffset PresentedAt { get; init; }

    /// <summary>How often the token was presented in the current window of the replay policy beyond the first time.</summary>
    public int Replays { get; init; }

    /// <summary>Whether the last presentation, as far as this row tells, has no answer. Written before the token is presented.</summary>
    public bool Unanswered { get; init; }

    /// <summary>Whether any presentation may have been acted on without an answer reaching us: a refusal that follows may be of our own making.</summary>
    public bool Ambiguous { get; init; }

    /// <summary>Passing failures since the lease, for the pace of what is tried again.</summary>
    public int Failures { get; init; }

    /// <summary>The authorization code, sealed; a refresh token lies in the vault.</summary>
    public EncryptedValue? Code { get; init; }

    /// <summary>The row key of the link that the code came for.</summary>
    public string? LinkKey { get; init; }

    /// <summary>finX's answer as it came, sealed.</summary>
    public EncryptedValue? Answer { get; init; }

    /// <summary>When the answer came; the lives of its tokens count from here.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>The generation that this attempt leads to.</summary>
    public int ToGeneration => FromGeneration + 1;

    /// <summary>Whether somebody is at it right now.</summary>
    public bool IsHeld(DateTimeOffset now) => Holder.Length > 0 && ExpiresAt > now;

    /// <summary>The version that was read or written last; every write is conditional on it.</summary>
    public ETag ETag { get; init; }
}
