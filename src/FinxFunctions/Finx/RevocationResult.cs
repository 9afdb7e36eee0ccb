namespace FinxFunctions.Finx;

/// <summary>What came of the revocation of a token.</summary>
/// <param name="IsDone">Whether finX honours the token no more: it revoked it, or does not know it. Also where revocation is switched off.</param>
/// <param name="IsPassing">Whether a later try may succeed: finX was not reached, throttled, or failed.</param>
/// <param name="Why">Status and error of finX, or what happened instead of an answer. Holds no token.</param>
public sealed record RevocationResult(bool IsDone, bool IsPassing, string Why)
{
    /// <summary>HTTP status of finX's answer; null where finX did not answer.</summary>
    public int? Status { get; init; }

    /// <summary>How long finX asks to wait; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
