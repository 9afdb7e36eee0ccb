using FinxFunctions.Primitives;

namespace FinxFunctions.KeyVault;

/// <summary>An access token and the refresh token that came with it: one record, kept as one version of one Key Vault secret.</summary>
/// <param name="ConnectionId">The connection that they belong to.</param>
/// <param name="Generation">1 for the pair of the code exchange; one more with each pair since.</param>
/// <param name="AccessExpiresAt">When finX ceases to honour the access token, as far as its answer tells.</param>
/// <param name="RefreshToken">Null where finX issued none.</param>
/// <param name="RefreshIssuedAt">When the refresh token was received; older than <paramref name="ObtainedAt"/> where a refresh brought no new one.</param>
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
