using Finx.Audit;
using Finx.Callers;
using Finx.Connections;
using Finx.Hosting;

namespace Finx.Tokens;

/// <summary>Access tokens as callers get them.</summary>
public sealed class TokenService
{
    /// <summary>Stands on record for what is no id: that may be anything, of any length.</summary>
    private const string NoId = "invalid";

    private readonly AccessTokens _tokens;
    private readonly AuditTrail _audit;
    private readonly TimeProvider _time;

    internal TokenService(AccessTokens tokens, AuditTrail audit, TimeProvider time) => (_tokens, _audit, _time) = (tokens, audit, time);

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
        if (!ConnectionId.IsValid(connectionId))
        {
            await _audit.ReadAsync(caller.Owner, NoId, null, new AccessResult.UnknownConnection().Name, cancellationToken);
            return new AccessResult.UnknownConnection();
        }

        try
        {
            var result = await _tokens.GetAsync(caller.Owner, connectionId, request, cancellationToken);
            await _audit.ReadAsync(caller.Owner, connectionId, (result as AccessResult.Granted)?.Pair.Generation, result.Name, cancellationToken);
            return result;
        }
        catch (Exception exception) when (exception is StorageException or VaultException)
        {
            await _audit.ReadAsync(caller.Owner, connectionId, null, "store_unavailable", cancellationToken);
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
}
