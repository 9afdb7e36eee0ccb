using FinxFunctions.Primitives;

namespace FinxFunctions.Tokens;

/// <summary>An access token as JSON (RFC 6749, section 5.1, and two more fields).</summary>
/// <param name="ExpiresIn">Seconds until it expires.</param>
/// <param name="Generation">To be sent as <c>rejected_generation</c> if finX answers 401 to the token.</param>
public sealed record IssuedToken(Secret AccessToken, string TokenType, long ExpiresIn, DateTimeOffset ExpiresAt, string? Scope, int Generation);
