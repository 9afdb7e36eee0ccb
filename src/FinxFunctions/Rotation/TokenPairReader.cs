using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>Reads token pairs: the one in use, and the one that an answer of finX makes of it.</summary>
public sealed class TokenPairReader(TokenVault vault, DataKeys dataKeys, IOptions<FinxOptions> options)
{
    /// <summary>
    /// The newest pair there is: of an answer that is kept but not committed yet, else the committed one. Null before the first.
    /// </summary>
    /// <exception cref="VaultException">Key Vault did not give it.</exception>
    public async Task<TokenPair?> CurrentAsync(ConnectionSnapshot snapshot, CancellationToken cancellationToken) =>
        snapshot.Lease is { Answer: { } answer } lease
        && TokenResponse.TryParse(await dataKeys.DecryptAsync(answer, lease.ConnectionId, lease.ToGeneration, cancellationToken)) is { } response
            ? await NextAsync(snapshot, lease, response, cancellationToken)
            : await CommittedAsync(snapshot, cancellationToken);

    /// <summary>The pair that Table Storage names. Null before the first.</summary>
    /// <exception cref="VaultException">Key Vault did not give it.</exception>
    public async Task<TokenPair?> CommittedAsync(ConnectionSnapshot snapshot, CancellationToken cancellationToken) =>
        snapshot.Connection.SecretId is { } secretId ? await vault.GetAsync(secretId, snapshot.Overflow, cancellationToken) : null;

    /// <summary>
    /// The pair that an answer makes. Where a refresh brought no new refresh token the old one stays, with what is left of its life;
    /// where finX did not say how long the access token lives, it is taken to be the configured time.
    /// </summary>
    /// <exception cref="VaultException">The old refresh token was needed, and Key Vault did not give it.</exception>
    public async Task<TokenPair> NextAsync(ConnectionSnapshot snapshot, Lease lease, TokenResponse response, CancellationToken cancellationToken)
    {
        var obtainedAt = lease.AnsweredAt ?? lease.PresentedAt;
        var accessExpiresAt = obtainedAt + (response.ExpiresIn ?? options.Value.AccessTokenLifetime);
        var pair = new TokenPair(
            lease.ConnectionId,
            lease.ToGeneration,
            response.AccessToken,
            response.TokenType,
            obtainedAt,
            accessExpiresAt,
            response.RefreshToken,
            obtainedAt,
            response.RefreshToken is null ? accessExpiresAt : RefreshExpiresAt(snapshot, lease, obtainedAt),
            response.Scope ?? snapshot.Connection.Scope);
        return response.RefreshToken is null && lease.Kind is LeaseKind.Refresh && await CommittedAsync(snapshot, cancellationToken) is { } old
            ? pair with { RefreshToken = old.RefreshToken, RefreshIssuedAt = old.RefreshIssuedAt, RefreshExpiresAt = old.RefreshExpiresAt }
            : pair;
    }

    private DateTimeOffset RefreshExpiresAt(ConnectionSnapshot snapshot, Lease lease, DateTimeOffset obtainedAt) =>
        !options.Value.RotationRestartsLifetime && lease.Kind is LeaseKind.Refresh && snapshot.Connection.RefreshExpiresAt is { } first
            ? first
            : obtainedAt + options.Value.RefreshTokenLifetime;
}
