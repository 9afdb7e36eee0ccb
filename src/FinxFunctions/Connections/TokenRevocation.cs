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
                await finx.RevokeAsync(pair.RefreshToken ?? pair.AccessToken, CancellationToken.None);
            }
        }
        catch (VaultException exception) when (exception.IsNotFound)
        {
            // An interrupted attempt deleted the secret. It had the token revoked before that.
        }
        catch (FinxException exception) when (exception.Failure is FinxFailure.InvalidRequest)
        {
            // finX does not accept the token any more, so there is nothing left to revoke.
            LogNotRevoked(snapshot.Connection.Id, exception.Error);
        }
    }

    [LoggerMessage(41, LogLevel.Information, "Connection {ConnectionId} is deleted, but finX did not revoke its token ({Error}).")]
    private partial void LogNotRevoked(string connectionId, FinxError? error);
}
