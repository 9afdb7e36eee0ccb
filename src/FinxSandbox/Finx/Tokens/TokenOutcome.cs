namespace FinxSandbox.Finx.Tokens;

/// <summary>What the token endpoint decided.</summary>
internal abstract record TokenOutcome;

internal sealed record Issued(TokenFamily Family, string AccessToken, string? RefreshToken, TimeSpan Lifetime, string Scope) : TokenOutcome;

/// <param name="Error">RFC 6749, section 5.2.</param>
internal sealed record Refused(string Error, string Description) : TokenOutcome;
