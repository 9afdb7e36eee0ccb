using FinxSandbox.Calls;

namespace FinxSandbox.Finx.Tokens;

/// <summary>Every code and token, under one lock: two uses of a token at once are one after the other.</summary>
internal sealed class TokenStore(LiveOptions options, TimeProvider clock)
{
    /// <summary>The scope the client is registered for.</summary>
    private const string RegisteredScope = "accounts=ro balance=ro transactions=ro offline";

    private const int IssuesBetweenSweeps = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, KnownToken> _codes = [];
    private readonly Dictionary<string, KnownToken> _refreshTokens = [];
    private readonly Dictionary<string, KnownToken> _accessTokens = [];
    private int _issues;

    public string IssueCode(string flowId, string userId)
    {
        lock (_gate)
        {
            if (options.Current.OneGrantPerUser)
                Kill(userId);
            var now = clock.GetUtcNow();
            var expiresAt = now + options.Current.CodeLifetime;
            var code = TokenMint.Unique(
                () => options.Current.CodeLength is { } length ? TokenMint.Opaque(length) : TokenMint.Jwt(flowId, now, expiresAt),
                _codes);
            _codes[TokenHash.Of(code)] = new(new TokenFamily(flowId, userId, RegisteredScope, now), now, expiresAt);
            return code;
        }
    }

    public TokenOutcome Exchange(string code)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (!_codes.TryGetValue(TokenHash.Of(code), out var known))
                return new Refused("invalid_grant", "The authorization code is unknown.");
            if (known.SpentAt is not null)
                return new Refused("invalid_grant", "The authorization code was used before.");
            if (known.ExpiresAt <= now)
                return new Refused("invalid_grant", "The authorization code has expired.");
            if (known.Family.Revoked)
                return new Refused("invalid_grant", "The authorization code was revoked.");

            known.SpentAt = now;
            return Issue(known.Family, known.Family.Scope, now, now + options.Current.RefreshTokenLifetime);
        }
    }

    public TokenOutcome Refresh(string refreshToken, string? scope)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var hash = TokenHash.Of(refreshToken);
            if (!_refreshTokens.TryGetValue(hash, out var known) || known.Family.Revoked)
                return new Refused("invalid_grant", "The refresh token is unknown or revoked.");
            if (known.ExpiresAt <= now)
                return new Refused("invalid_grant", "The refresh token has expired.");
            if (!IsHonoured(hash, known, now))
            {
                known.Family.Revoked = options.Current.RefreshTokenReuse is RefreshTokenReuse.RevokeFamily;
                return new Refused("invalid_grant", "The refresh token was used before.");
            }

            var granted = scope ?? known.Family.Scope;
            if (granted.Split(' ').Except(known.Family.Scope.Split(' ')).Any())
                return new Refused("invalid_scope", "The scope is broader than the one granted.");

            known.Family.Refreshes++;
            if (!options.Current.RotatesRefreshToken)
                return Issue(known.Family, granted, now, refreshTokenExpiresAt: null);

            known.SpentAt ??= now;
            return Issue(known.Family, granted, now,
                options.Current.RotationRestartsLifetime ? now + options.Current.RefreshTokenLifetime : known.ExpiresAt);
        }
    }

    /// <summary>The family of a good access token; null for any other.</summary>
    public TokenFamily? Authenticate(string accessToken)
    {
        lock (_gate)
        {
            return _accessTokens.TryGetValue(TokenHash.Of(accessToken), out var known) && IsGood(known, clock.GetUtcNow())
                ? known.Family
                : null;
        }
    }

    /// <summary>Notes in the call whose token or code came in, before anything is done with it.</summary>
    public void Identify(Call call, string token)
    {
        lock (_gate)
        {
            var hash = TokenHash.Of(token);
            call.Entry = call.Entry with { Presented = hash };
            if (!_refreshTokens.TryGetValue(hash, out var known) && !_accessTokens.TryGetValue(hash, out known) && !_codes.TryGetValue(hash, out known))
                return;

            call.Entry = call.Entry with { FlowId = known.Family.FlowId, UserId = known.Family.UserId };
            call.TokenAge = clock.GetUtcNow() - known.IssuedAt;
        }
    }

    /// <summary>Kills the family of any token of it; an unknown token is no error (RFC 7009, section 2.2).</summary>
    public void Revoke(string token)
    {
        lock (_gate)
        {
            var hash = TokenHash.Of(token);
            if (_refreshTokens.TryGetValue(hash, out var known) || _accessTokens.TryGetValue(hash, out known))
                known.Family.Revoked = true;
        }
    }

    public void RevokeUser(string userId)
    {
        lock (_gate)
            Kill(userId);
    }

    public IReadOnlyList<ConnectionState> Connections()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var refresh = _refreshTokens.ToLookup(pair => pair.Value.Family);
            var access = _accessTokens.Where(pair => IsGood(pair.Value, now)).ToLookup(pair => pair.Value.Family, pair => pair.Key);
            return
            [
                .. refresh.Select(tokens => tokens.Key).Select(family => State(family, refresh[family], [.. access[family]], now)),
            ];
        }
    }

    private void Kill(string userId)
    {
        foreach (var known in _codes.Values.Concat(_refreshTokens.Values).Where(known => known.Family.UserId == userId))
            known.Family.Revoked = true;
    }

    private ConnectionState State(
        TokenFamily family, IEnumerable<KeyValuePair<string, KnownToken>> refreshTokens, IReadOnlyList<string> accessTokens, DateTimeOffset now)
    {
        var live = refreshTokens
            .Where(pair => IsGood(pair.Value, now) && IsHonoured(pair.Key, pair.Value, now))
            .Select(pair => pair.Key)
            .ToList();
        var newest = live.Find(hash => hash == family.Newest);
        return new(family.FlowId, family.UserId, family.Revoked, family.Refreshes, family.IssuedAt,
            newest is null ? null : _refreshTokens[newest].ExpiresAt, newest, live, accessTokens);
    }

    private bool IsHonoured(string hash, KnownToken refreshToken, DateTimeOffset now) =>
        hash == refreshToken.Family.Newest
        || (options.Current.RefreshTokenReuse is RefreshTokenReuse.Grace && refreshToken.SpentAt + options.Current.GraceWindow > now);

    private static bool IsGood(KnownToken token, DateTimeOffset now) => !token.Family.Revoked && token.ExpiresAt > now;

    private Issued Issue(TokenFamily family, string scope, DateTimeOffset now, DateTimeOffset? refreshTokenExpiresAt)
    {
        Sweep(now);
        var current = options.Current;

        var accessTokenExpiresAt = now + current.AccessTokenLifetime;
        var accessToken = TokenMint.Unique(
            () => current.AccessTokenLength is { } length ? TokenMint.Opaque(length) : TokenMint.Jwt(family.UserId, now, accessTokenExpiresAt),
            _accessTokens);
        _accessTokens[TokenHash.Of(accessToken)] = new(family, now, accessTokenExpiresAt);

        string? refreshToken = null;
        if (refreshTokenExpiresAt is { } expiresAt)
        {
            refreshToken = TokenMint.Unique(() => TokenMint.Opaque(current.RefreshTokenLength), _refreshTokens);
            family.Newest = TokenHash.Of(refreshToken);
            _refreshTokens[family.Newest] = new(family, now, expiresAt);
        }

        return new(family, accessToken, refreshToken, current.AccessTokenLifetime, refreshTokenExpiresAt - now, scope);
    }

    /// <summary>Forgets what has expired, so that a long load test does not fill the memory.</summary>
    private void Sweep(DateTimeOffset now)
    {
        if (++_issues % IssuesBetweenSweeps != 0)
            return;

        foreach (var tokens in new[] { _codes, _refreshTokens, _accessTokens })
        {
            foreach (var (hash, _) in tokens.Where(pair => pair.Value.ExpiresAt <= now).ToList())
                tokens.Remove(hash);
        }
    }
}
