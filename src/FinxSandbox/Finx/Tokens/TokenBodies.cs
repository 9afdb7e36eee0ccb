namespace FinxSandbox.Finx.Tokens;

internal sealed record TokenBody(string AccessToken, string TokenType, int? ExpiresIn, string? RefreshToken, string? Scope);

internal sealed record TokenErrorBody(string Error, string ErrorDescription);
