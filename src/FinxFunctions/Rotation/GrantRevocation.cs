using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// Revokes the former grant of a connection after a renewal brought a new one (<see cref="FinxOptions.RevokeFormerGrants"/>). finX would
/// honour its refresh token until it expires, though nobody uses it. Best effort: what could not be revoked is counted.
/// </summary>
public sealed partial class GrantRevocation(TokenVault vault, TokenRevoker revoker, BackgroundWork background, RotationPolicy policy, ILogger<GrantRevocation> logger)
{
    private const int Tries = 3;

    /// <summary>Revokes the refresh token that a renewal replaced, in the background. It is called after the commit of the new pair.</summary>
    /// <param name="before">The connection as it was before the commit.</param>
    /// <param name="current">The pair that was committed. Where finX issued the same refresh token again, nothing is revoked.</param>
    public void RevokeFormer(ConnectionSnapshot before, TokenPair current)
    {
        if (revoker.RevokesFormerGrants && before.Connection.SecretId is { } secretId && before.Connection.Generation < current.Generation && !policy.IsOver(before.Connection))
        {
            background.Start(() => RevokeAsync(secretId, before.Overflow, current));
        }
    }

    private async Task RevokeAsync(Uri secretId, byte[]? overflow, TokenPair current)
    {
        if (await ReadAsync(secretId, overflow) is not { RefreshToken: { } token } || token.Hash() == current.RefreshToken?.Hash())
        {
            return;
        }

        for (var tries = 1; ; tries++)
        {
            var isLast = tries == Tries || background.Stopping.IsCancellationRequested;
            var result = await revoker.TryAsync(token, isLast);
            if (!result.IsDone && (isLast || !result.IsPassing))
            {
                LogNotRevoked(current.ConnectionId, result.Why);
            }

            if (result.IsDone || isLast || !result.IsPassing)
            {
                return;
            }

            await policy.DelayAsync(TimeSpan.FromSeconds(2 * tries));
        }
    }

    private async Task<TokenPair?> ReadAsync(Uri secretId, byte[]? overflow)
    {
        try
        {
            return await vault.GetAsync(secretId, overflow, CancellationToken.None);
        }
        catch (VaultException)
        {
            revoker.CountLost();
            return null;
        }
    }

    [LoggerMessage(27, LogLevel.Information, "Connection {ConnectionId} was renewed, but finX did not revoke its former grant ({Why}).")]
    private partial void LogNotRevoked(string connectionId, string why);
}
