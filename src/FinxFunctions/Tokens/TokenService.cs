using FinxFunctions.Auditing;
using FinxFunctions.Authorization;
using FinxFunctions.Http;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Tokens;

/// <summary>Access tokens for callers. Each read is recorded in the audit trail.</summary>
public sealed class TokenService(CallerReader callers, AccessTokenProvider tokens, AuditTrail audit, TimeProvider time)
{
    /// <summary>Recorded in place of an invalid id, which may be anything of any length.</summary>
    private const string NoId = "invalid";

    /// <summary>The caller, if it may read tokens. A known caller without the role is recorded too.</summary>
    /// <exception cref="CallerException">The caller is unknown, or lacks the role.</exception>
    /// <exception cref="AuditException">The refusal could not be recorded.</exception>
    public async Task<Caller> AdmitAsync(HttpRequest request, string connectionId, CancellationToken cancellationToken)
    {
        try
        {
            return callers.Require(request, CallerRole.ReadTokens);
        }
        catch (CallerException exception) when (exception.Caller is { } caller)
        {
            await audit.ReadAsync(caller.Id, RecordedId(connectionId), null, "forbidden", cancellationToken);
            throw;
        }
    }

    /// <summary>Reads the body of <c>POST /api/connections/{id}/token</c>.</summary>
    /// <exception cref="InvalidRequestException">Something is wrong; all of it is named.</exception>
    public static AccessRequest Read(ParsedBody<TokenRequestBody> parsed)
    {
        var body = parsed.Valid();
        return new AccessRequest(body.MinValidity is { } seconds ? TimeSpan.FromSeconds(seconds) : AccessRequest.Default.MinValidity, body.RejectedGeneration);
    }

    /// <summary>An access token, or the reason why there is none. Both are recorded.</summary>
    /// <exception cref="AuditException">The read could not be recorded, so no token is handed out.</exception>
    /// <exception cref="StorageException">Table Storage did not answer, and there is no valid token in memory.</exception>
    /// <exception cref="VaultException">Key Vault did not answer, and there is no valid token in memory.</exception>
    public async Task<AccessResult> GetAsync(Caller caller, string connectionId, AccessRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var result = await tokens.GetAsync(caller.Id, connectionId, request, cancellationToken);
            await audit.ReadAsync(caller.Id, RecordedId(connectionId), (result as AccessResult.Granted)?.Pair.Generation, result.Name, cancellationToken);
            return result;
        }
        catch (Exception exception) when (exception is StorageException or VaultException)
        {
            await audit.ReadAsync(caller.Id, RecordedId(connectionId), null, "store_unavailable", cancellationToken);
            throw;
        }
    }

    /// <summary>A pair's access token as JSON.</summary>
    public IssuedToken Issue(TokenPair pair) => new(
        pair.AccessToken,
        pair.TokenType,
        Math.Max(0, (long)(pair.AccessExpiresAt - time.GetUtcNow()).TotalSeconds),
        pair.AccessExpiresAt,
        pair.Scope,
        pair.Generation);

    private static string RecordedId(string connectionId) => ConnectionId.IsValid(connectionId) ? connectionId : NoId;
}
