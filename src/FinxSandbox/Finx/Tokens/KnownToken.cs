namespace FinxSandbox.Finx.Tokens;

/// <summary>A code or token that was issued; it is kept by hash only.</summary>
internal sealed class KnownToken(TokenFamily family, DateTimeOffset issuedAt, DateTimeOffset expiresAt)
{
    public TokenFamily Family { get; } = family;

    public DateTimeOffset IssuedAt { get; } = issuedAt;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    /// <summary>When it was first used; codes and refresh tokens are for one use.</summary>
    public DateTimeOffset? SpentAt { get; set; }
}
