using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// Finds the token to redeem: in the latest version of the connection's secret. The table may be older than the vault, because it was
/// restored or failed over. A pair of a higher generation than the row says is adopted, and nothing is presented.
/// </summary>
public sealed class RedeemablePair(TokenVault vault, PairAdoption adoption, TokenPairCommit commit, RotationEnding ending, RotationPolicy policy)
{
    /// <summary>The pair whose refresh token can be redeemed now, or the outcome where there is none.</summary>
    /// <param name="isForced">Whether finX refused the current access token.</param>
    /// <param name="known">The connection's pair, if it is in memory.</param>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<(TokenPair? Pair, RotationOutcome? Instead)> FindAsync(ConnectionSnapshot snapshot, string actor, bool isForced, TokenPair? known) => snapshot.Connection.SecretId is null ? (null, new RotationOutcome.LostRace()) : await LatestOrAsync(snapshot, known) switch
    {
        null => (null, await ending.EndAsync(snapshot, ReconsentReason.Lost, actor)),
        { IsNewer: true } newer => (null, await adoption.AdoptAsync(snapshot, newer)),
        { Pair: { RefreshToken: null, AccessExpiresAt: var end } } when end > policy.Now && !isForced => (null, new RotationOutcome.TryLater(TryLaterCause.FinxUnavailable, end)),
        { Pair.RefreshToken: null } => (null, await ending.EndAsync(snapshot, ReconsentReason.NoRefreshToken, actor)),
        { Pair: var pair } => (pair, null),
    };

    /// <summary>Ends a connection whose refresh token's life is over. Null where it is not.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<RotationOutcome?> EndIfOverAsync(ConnectionSnapshot snapshot, string actor) =>
        policy.IsOver(snapshot.Connection) ? await ending.EndAsync(snapshot, ReconsentReason.Expired, actor) : null;

    /// <summary>
    /// The attempt of an expired lease with what it presents, or the outcome where its answer reached the vault, or where the tokens are lost.
    /// The code of an exchange is in the lease, and is read where it is presented.
    /// </summary>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<ReplayStep> ResumeAsync(Attempt attempt)
    {
        if (attempt.Lease.Kind is LeaseKind.Exchange)
        {
            return await ResumeCodeAsync(attempt);
        }

        return await vault.LatestAsync(attempt.Snapshot.KnownPair, CancellationToken.None) switch
        {
            { IsNewer: true, Pair: var pair, SecretId: var secretId } => await commit.FromVaultAsync(attempt, pair, secretId),
            { Pair.RefreshToken: { } token } => attempt with { Grant = new TokenGrant.RefreshToken(token) },
            _ => await ending.EndAsync(attempt, ReconsentReason.Lost),
        };
    }

    // If the last presentation has an outcome, its answer is in no store, and the vault need not be asked.
    private async Task<ReplayStep> ResumeCodeAsync(Attempt attempt)
    {
        try
        {
            return attempt.Lease.Unanswered && await commit.FromVaultAsync(attempt) is { } stored ? stored : attempt;
        }
        catch (VaultException)
        {
            return await ending.PauseCodeAsync(attempt with { Lease = attempt.Lease with { Ambiguous = true } }, TryLaterCause.FinxUnavailable, null, ReconsentReason.Ambiguous);
        }
    }

    // With Key Vault down, the pair in memory will do if it is the one that the row names: callers go on being served.
    private async Task<FoundPair?> LatestOrAsync(ConnectionSnapshot snapshot, TokenPair? known)
    {
        try
        {
            // The connection may have been deleted since it was read: then its secret must stay deleted.
            return await vault.LatestUndeletedAsync(snapshot.KnownPair, CancellationToken.None)
                ?? (await adoption.IsUnchangedAsync(snapshot) ? await vault.LatestAsync(snapshot.KnownPair, CancellationToken.None) : null);
        }
        catch (VaultException) when (known is { RefreshToken: not null } && known.Generation == snapshot.Connection.Generation)
        {
            return new FoundPair(known, snapshot.Connection.SecretId!, IsNewer: false);
        }
    }
}
