namespace FinxFunctions.Finx;

/// <summary>What came of a try to revoke a token.</summary>
/// <param name="IsDone">finX revoked the token, or does not know it.</param>
/// <param name="IsPassing">finX did not revoke it for a reason that may pass. Another try may succeed.</param>
/// <param name="Why">The reason, without any text of finX.</param>
public sealed record RevocationResult(bool IsDone, bool IsPassing, string Why)
{
    /// <summary>HTTP status of finX's answer; null where finX did not answer.</summary>
    public int? Status { get; init; }

    /// <summary>How long finX asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
