namespace FinxFunctions.StandIns;

/// <summary>One presentation of a code or a refresh token to finX, and its outcome.</summary>
public sealed class Presentation(FinxToken token, DateTimeOffset sentAt)
{
    public FinxToken Token { get; } = token;

    public DateTimeOffset SentAt { get; } = sentAt;

    /// <summary>When finX received it; null where it was lost on the way or refused unread.</summary>
    public DateTimeOffset? ReachedAt { get; set; }

    /// <summary>When finX issued new tokens for it; null where it did not.</summary>
    public DateTimeOffset? GrantedAt { get; set; }

    /// <summary>When any answer reached the sender.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>When the granted pair was first in one of the service's stores.</summary>
    public DateTimeOffset? KeptAt { get; set; }

    /// <summary>Whether it granted tokens that were never persisted.</summary>
    public bool IsLost => GrantedAt is not null && KeptAt is null;
}
