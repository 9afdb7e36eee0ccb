namespace FinxSandbox.Finx.Tokens;

/// <summary>What the token endpoint decided.</summary>
internal abstract record TokenOutcome;

/// <param name="Lifetime">Of the access token.</param>
/// <param name="RefreshLifetime">Null where there is no new refresh token.</param>
internal sealed record Issued(
    TokenFamily Family, string AccessToken, string? RefreshToken, TimeSpan Lifetime, TimeSpan? RefreshLifetime, string Scope) : TokenOutcome;

/// <param name="Error">RFC 6749, section 5.2.</param>
internal sealed record Refused(string Error, string Description) : TokenOutcome;
