namespace FinxFunctions.Client;

/// <summary>An access token that finX honours (RFC 6749, section 5.1, with two fields more).</summary>
/// <param name="ExpiresIn">Seconds that were left when it was given.</param>
/// <param name="ExpiresAt">UTC.</param>
/// <param name="Generation">To be reported as rejected if finX answers 401 to the token.</param>
public sealed record IssuedToken(Secret AccessToken, string TokenType, long ExpiresIn, DateTimeOffset ExpiresAt, string? Scope, int Generation);
