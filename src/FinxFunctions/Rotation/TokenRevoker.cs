using FinxFunctions.Diagnostics;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;

namespace FinxFunctions.Rotation;

/// <summary>Revokes the tokens of a pair at finX (RFC 7009), and counts what came of it.</summary>
public sealed class TokenRevoker(FinxClient finx, IOptions<FinxOptions> options, FinxMetrics metrics)
{
    /// <summary>Whether tokens are revoked at all (<see cref="FinxOptions.Revocation"/>).</summary>
    public bool IsEnabled => options.Value.Revocation is not RevocationMethod.None;

    /// <summary>Whether a renewal's former grant is revoked (<see cref="FinxOptions.RevokeFormerGrants"/>).</summary>
    public bool RevokesFormerGrants => IsEnabled && options.Value.RevokeFormerGrants;

    /// <summary>Tries once. Revokes the refresh token, with which all of its access tokens end, or the access token if there is no other.</summary>
    /// <param name="isLast">Whether a passing failure is not followed by another try.</param>
    public async Task<RevocationResult> TryAsync(TokenPair pair, bool isLast)
    {
        var result = await finx.RevokeAsync(pair.RefreshToken ?? pair.AccessToken);
        metrics.Revocation(result switch
        {
            { IsDone: true } => "revoked",
            { IsPassing: false } => "refused",
            _ when isLast => "given_up",
            _ => "failed",
        });
        return result;
    }

    /// <summary>Counts a token that could not be revoked because it is in no store any more.</summary>
    public void CountLost() => metrics.Revocation("lost");
}
