using FinxFunctions.Primitives;

namespace FinxFunctions.KeyVault;

/// <summary>An access token and the refresh token that came with it: one record, stored as one version of one Key Vault secret.</summary>
/// <param name="ConnectionId">The connection that they belong to.</param>
/// <param name="Generation">1 for the pair of the code exchange. It grows by one with each pair.</param>
/// <param name="AccessExpiresAt">When the access token expires, as finX's answer says.</param>
/// <param name="RefreshToken">Null where finX issued no refresh token.</param>
/// <param name="RefreshIssuedAt">When the refresh token was received. Earlier than <paramref name="ObtainedAt"/> where a refresh brought no new one.</param>
public sealed record TokenPair(
    string ConnectionId,
    int Generation,
    Secret AccessToken,
    string TokenType,
    DateTimeOffset ObtainedAt,
    DateTimeOffset AccessExpiresAt,
    Secret? RefreshToken,
    DateTimeOffset RefreshIssuedAt,
    DateTimeOffset RefreshExpiresAt,
    string? Scope);
