using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>Revokes a connection's token at finX (RFC 7009): the refresh token, or the access token if there is no refresh token.</summary>
public sealed partial class TokenRevocation(TokenPairReader pairs, FinxClient finx, ILogger<TokenRevocation> logger)
{
    /// <summary>Revokes the committed token. Does nothing if the connection has none.</summary>
    /// <exception cref="FinxException">finX did not revoke the token.</exception>
    /// <exception cref="VaultException">Key Vault did not return the token.</exception>
    public async Task RevokeAsync(ConnectionSnapshot snapshot)
    {
        try
        {
            if (await pairs.CommittedAsync(snapshot, CancellationToken.None) is { } pair)
            {
                var result = await finx.RevokeAsync(pair.RefreshToken ?? pair.AccessToken);
                if (result is { IsDone: false, IsPassing: true })
                {
                    throw new FinxException(FinxFailure.Unavailable, retryAfter: result.RetryAfter);
                }

                if (!result.IsDone)
                {
                    LogNotRevoked(snapshot.Connection.Id, result.Why);
                }
            }
        }
        catch (VaultException exception) when (exception.IsNotFound)
        {
            // An interrupted attempt deleted the secret. It had the token revoked before that.
        }
    }

    [LoggerMessage(41, LogLevel.Information, "Connection {ConnectionId} is deleted, but finX did not revoke its token ({Error}).")]
    private partial void LogNotRevoked(string connectionId, string error);
}
