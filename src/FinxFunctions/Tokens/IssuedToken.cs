using FinxFunctions.Primitives;

namespace FinxFunctions.Tokens;

/// <summary>An access token on the wire (RFC 6749, section 5.1, with two fields more).</summary>
/// <param name="ExpiresIn">Seconds that are left.</param>
/// <param name="Generation">To be reported as <c>rejected_generation</c> if finX answers 401 to the token.</param>
public sealed record IssuedToken(Secret AccessToken, string TokenType, long ExpiresIn, DateTimeOffset ExpiresAt, string? Scope, int Generation);
