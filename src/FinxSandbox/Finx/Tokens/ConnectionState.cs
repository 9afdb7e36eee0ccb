namespace FinxSandbox.Finx.Tokens;

/// <summary>A family of tokens as finX sees it; tokens by <see cref="Calls.TokenHash"/>.</summary>
/// <param name="NewestRefreshToken">The last one issued, if it is still good.</param>
/// <param name="LiveRefreshTokens">All that a refresh would honour now; more than one only under <see cref="RefreshTokenReuse.Grace"/>.</param>
/// <param name="LiveAccessTokens">All that a data call would honour now.</param>
public sealed record ConnectionState(
    string FlowId,
    string UserId,
    bool Revoked,
    int Refreshes,
    DateTimeOffset IssuedAt,
    DateTimeOffset? RefreshTokenExpiresAt,
    string? NewestRefreshToken,
    IReadOnlyList<string> LiveRefreshTokens,
    IReadOnlyList<string> LiveAccessTokens);
