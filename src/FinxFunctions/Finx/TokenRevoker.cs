using FinxFunctions.Diagnostics;
using FinxFunctions.Primitives;

namespace FinxFunctions.Finx;

/// <summary>Revokes tokens at finX (RFC 7009), and counts what came of it.</summary>
public sealed class TokenRevoker(FinxClient finx, IOptions<FinxOptions> options, FinxMetrics metrics)
{
    /// <summary>Whether tokens are revoked at all (<see cref="FinxOptions.Revocation"/>).</summary>
    public bool IsEnabled => options.Value.Revocation is not RevocationMethod.None;

    /// <summary>Whether a renewal's former grant is revoked (<see cref="FinxOptions.RevokeFormerGrants"/>).</summary>
    public bool RevokesFormerGrants => IsEnabled && options.Value.RevokeFormerGrants;

    /// <summary>Tries once. With a refresh token all of its access tokens end.</summary>
    /// <param name="isLast">Whether a passing failure is not followed by another try.</param>
    public async Task<RevocationResult> TryAsync(Secret token, bool isLast)
    {
        var result = await finx.RevokeAsync(token);
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
