using System.Text;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>Reads token pairs: the pair in use, and the pair that follows from an answer of finX.</summary>
public sealed class TokenPairReader(TokenVault vault, DataKeys dataKeys, IOptions<FinxOptions> options, IOptions<TokenOptions> tokens)
{
    /// <summary>Stands for an access token that the answer did not have. It is over from the beginning, so it is never handed out.</summary>
    private static readonly Secret NoToken = new("");

    /// <summary>
    /// The newest pair: that of an answer that is persisted but not committed yet, else the committed pair. Null before the first.
    /// </summary>
    /// <exception cref="VaultException">Key Vault did not give it.</exception>
    public async Task<TokenPair?> CurrentAsync(ConnectionSnapshot snapshot, CancellationToken cancellationToken) =>
        snapshot.Lease is { Answer: { } answer } lease
        && TokenResponse.TryParse(await dataKeys.DecryptAsync(answer, lease.ConnectionId, lease.ToGeneration, cancellationToken)) is { IsPartial: false } response
            ? await NextAsync(snapshot, lease, response, cancellationToken)
            : await CommittedAsync(snapshot, cancellationToken);

    /// <summary>
    /// The access token that the connection's row holds (<see cref="ColdReads.Row"/>), as a pair without its refresh token. Null where the row
    /// holds none, or a newer answer is persisted.
    /// </summary>
    /// <exception cref="VaultException">Key Vault did not give the data key.</exception>
    public async Task<TokenPair?> FromRowAsync(ConnectionSnapshot snapshot, CancellationToken cancellationToken) =>
        tokens.Value.ColdReads is ColdReads.Row
        && snapshot is { Connection: { AccessToken: { } encrypted, RefreshedAt: { } obtainedAt, AccessExpiresAt: { } expiresAt } connection, Lease: not { Answer: not null } }
            ? new TokenPair(
                connection.Id,
                connection.Generation,
                new Secret(Encoding.UTF8.GetString(await dataKeys.DecryptAsync(encrypted, connection.Id, connection.Generation, cancellationToken))),
                "Bearer",
                obtainedAt,
                expiresAt,
                RefreshToken: null,
                obtainedAt,
                connection.RefreshExpiresAt ?? expiresAt,
                connection.Scope)
            : null;

    /// <summary>The committed pair, which the connection's row names. Null before the first.</summary>
    /// <exception cref="VaultException">Key Vault did not give it.</exception>
    public async Task<TokenPair?> CommittedAsync(ConnectionSnapshot snapshot, CancellationToken cancellationToken) =>
        snapshot.Connection.SecretId is { } secretId ? await vault.GetAsync(secretId, snapshot.Overflow, cancellationToken) : null;

    /// <summary>
    /// The pair that follows from an answer. If a refresh brought no new refresh token, the old one stays, with the rest of its life. If finX
    /// did not state the life of a token, <see cref="FinxOptions.AccessTokenLifetime"/> and <see cref="FinxOptions.RefreshTokenLifetime"/> are assumed.
    /// </summary>
    /// <exception cref="VaultException">The old refresh token was needed, and Key Vault did not give it.</exception>
    public async Task<TokenPair> NextAsync(ConnectionSnapshot snapshot, Lease lease, TokenResponse response, CancellationToken cancellationToken)
    {
        var obtainedAt = lease.AnsweredAt ?? lease.PresentedAt;
        var accessExpiresAt = response.AccessToken is null ? obtainedAt : obtainedAt + (response.ExpiresIn ?? options.Value.AccessTokenLifetime);
        var pair = new TokenPair(
            lease.ConnectionId,
            lease.ToGeneration,
            response.AccessToken ?? NoToken,
            response.TokenType,
            obtainedAt,
            accessExpiresAt,
            response.RefreshToken,
            obtainedAt,
            response.RefreshToken is null ? accessExpiresAt : RefreshExpiresAt(snapshot, lease, response, obtainedAt),
            response.Scope ?? snapshot.Connection.Scope);
        return response.RefreshToken is null && lease.Kind is LeaseKind.Refresh && await CommittedAsync(snapshot, cancellationToken) is { } old
            ? pair with { RefreshToken = old.RefreshToken, RefreshIssuedAt = old.RefreshIssuedAt, RefreshExpiresAt = old.RefreshExpiresAt }
            : pair;
    }

    private DateTimeOffset RefreshExpiresAt(ConnectionSnapshot snapshot, Lease lease, TokenResponse response, DateTimeOffset obtainedAt) =>
        response.RefreshExpiresIn is { } stated ? obtainedAt + stated
        : !options.Value.RotationRestartsLifetime && lease.Kind is LeaseKind.Refresh && snapshot.Connection.RefreshExpiresAt is { } first
            ? first
            : obtainedAt + options.Value.RefreshTokenLifetime;
}
