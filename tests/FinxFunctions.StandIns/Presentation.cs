namespace FinxFunctions.StandIns;

/// <summary>One sending of a code or a refresh token to finX, and what became of it.</summary>
public sealed class Presentation(FinxToken token, DateTimeOffset sentAt)
{
    public FinxToken Token { get; } = token;

    public DateTimeOffset SentAt { get; } = sentAt;

    /// <summary>When finX saw it; null where it was lost on the way, or turned away at the door.</summary>
    public DateTimeOffset? ReachedAt { get; set; }

    /// <summary>When finX issued new tokens for it; null where it did not.</summary>
    public DateTimeOffset? GrantedAt { get; set; }

    /// <summary>When an answer of whatever kind reached the sender.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>When the granted pair was first in a store of ours.</summary>
    public DateTimeOffset? KeptAt { get; set; }

    /// <summary>Whether it granted tokens that nobody ever kept.</summary>
    public bool IsLost => GrantedAt is not null && KeptAt is null;
}
