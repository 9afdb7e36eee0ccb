namespace FinxFunctions.StandIns;

/// <summary>A code, a refresh token or an access token.</summary>
/// <param name="IssuedBy">The presentation that it is the answer to; null for a code.</param>
public sealed record FinxToken(string Value, FinxFamily Family, DateTimeOffset ExpiresAt, Presentation? IssuedBy)
{
    public DateTimeOffset IssuedAt { get; init; }

    public DateTimeOffset? SpentAt { get; set; }

    /// <summary>Every time that it was presented, in the order in which the requests were sent.</summary>
    public List<Presentation> Presentations { get; } = [];
}
