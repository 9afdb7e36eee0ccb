using FinxFunctions.Auditing;
using FinxFunctions.Authorization;
using FinxFunctions.Http;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>Access tokens as callers get them.</summary>
public sealed class TokenService
{
    /// <summary>Stands on record for what is no id: that may be anything, of any length.</summary>
    private const string NoId = "invalid";

    private readonly CallerReader _callers;
    private readonly AccessTokenProvider _tokens;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _time;

    public TokenService(CallerReader callers, AccessTokenProvider tokens, AuditTrail audit, TimeProvider time) => (_callers, _tokens, _audit, _time) = (callers, tokens, audit, time);

    /// <summary>The caller, if it may read tokens. That one is known and may not is on record too.</summary>
    /// <exception cref="CallerException">It may not, or nobody vouches for it.</exception>
    /// <exception cref="AuditException">That it may not could not be recorded.</exception>
    public async Task<Caller> AdmitAsync(HttpRequest request, string connectionId, CancellationToken cancellationToken)
    {
        try
        {
            return _callers.Require(request, CallerRole.ReadTokens);
        }
        catch (CallerException exception) when (exception.Caller is { } caller)
        {
            await _audit.ReadAsync(caller.Id, OnRecord(connectionId), null, "forbidden", cancellationToken);
            throw;
        }
    }

    /// <summary>Reads the body of <c>POST /api/connections/{id}/token</c>.</summary>
    /// <exception cref="InvalidRequestException">Something is wrong; all of it is named.</exception>
    public static AccessRequest Read(JsonFields fields)
    {
        var minValidity = fields.Number("min_validity", 0, 3600);
        var rejected = fields.Number("rejected_generation", 1, int.MaxValue);
        fields.ThrowIfWrong();
        return new AccessRequest(minValidity is { } seconds ? TimeSpan.FromSeconds(seconds) : AccessRequest.Default.MinValidity, rejected);
    }

    /// <summary>An access token, or why there is none; on record either way.</summary>
    /// <exception cref="AuditException">It could not be recorded, and is not given out.</exception>
    /// <exception cref="StorageException">Table Storage did not answer, and no valid token is at hand.</exception>
    /// <exception cref="VaultException">Key Vault did not answer, and no valid token is at hand.</exception>
    public async Task<AccessResult> GetAsync(Caller caller, string connectionId, AccessRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var result = await _tokens.GetAsync(caller.Id, connectionId, request, cancellationToken);
            await _audit.ReadAsync(caller.Id, OnRecord(connectionId), (result as AccessResult.Granted)?.Pair.Generation, result.Name, cancellationToken);
            return result;
        }
        catch (Exception exception) when (exception is StorageException or VaultException)
        {
            await _audit.ReadAsync(caller.Id, OnRecord(connectionId), null, "store_unavailable", cancellationToken);
            throw;
        }
    }

    /// <summary>A pair's access token on the wire.</summary>
    public IssuedToken Issue(TokenPair pair) => new(
        pair.AccessToken,
        pair.TokenType,
        Math.Max(0, (long)(pair.AccessExpiresAt - _time.GetUtcNow()).TotalSeconds),
        pair.AccessExpiresAt,
        pair.Scope,
        pair.Generation);

    private static string OnRecord(string connectionId) => ConnectionId.IsValid(connectionId) ? connectionId : NoId;
}
