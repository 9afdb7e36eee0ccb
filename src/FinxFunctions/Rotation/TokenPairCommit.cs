using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>Steps 4 and 5: the pair becomes one Key Vault secret version, and the connection moves to the next generation.</summary>
public sealed class TokenPairCommit(TokenVault vault, NextGeneration nextGeneration, Leases leases, GrantRevocation grants, RotationLog log)
{
    /// <summary>
    /// Takes the pair of a persisted answer through steps 4 and 5. If a store fails meanwhile, callers are served from the persisted answer,
    /// and the end of the lease brings a process that tries again.
    /// </summary>
    /// <returns>Whether the pair was committed, now or by another process.</returns>
    public async Task<bool> FinishAsync(Attempt attempt, TokenPair pair)
    {
        try
        {
            var scheduled = nextGeneration.ScheduleAsync(attempt.Connection, pair);
            var stored = await log.StepAsync("vault", () => vault.SetAsync(attempt.Connection.Vault, pair, CancellationToken.None));
            return await CommitAsync(attempt, pair, stored, await scheduled) is RotationOutcome.Rotated;
        }
        catch (VaultException exception)
        {
            log.VaultLater(pair.ConnectionId, pair.Generation, exception);
        }
        catch (StorageException exception)
        {
            log.CommitLater(pair.ConnectionId, pair.Generation, exception);
        }

        return false;
    }

    /// <summary>Commits an answer that reached Key Vault, but not the table. Null where there is none.</summary>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<RotationOutcome?> FromVaultAsync(Attempt attempt)
    {
        var (connection, lease) = (attempt.Connection, attempt.Lease);
        if (lease.Kind is LeaseKind.Refresh)
        {
            return await vault.LatestAsync(attempt.Snapshot.KnownPair, CancellationToken.None) is { IsNewer: true } newer
                ? await FromVaultAsync(attempt, newer.Pair, newer.SecretId)
                : null;
        }

        return await vault.FindAsync(connection.Vault, connection.Id, lease.ToGeneration, CancellationToken.None) is var (pair, secretId) && pair.ObtainedAt >= lease.StartedAt
            ? await FromVaultAsync(attempt, pair, secretId)
            : null;
    }

    /// <summary>Commits a pair that Key Vault holds.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<RotationOutcome> FromVaultAsync(Attempt attempt, TokenPair pair, Uri secretId) =>
        await CommitAsync(attempt, pair, new StoredTokenPair(secretId, null), await nextGeneration.ScheduleAsync(attempt.Connection, pair));

    // Step 5: one batch moves the connection to the next generation with the exact secret version, and deletes the lease. Both are
    // conditional: a former holder cannot commit a lease that another process has taken over.
    private async Task<RotationOutcome> CommitAsync(Attempt attempt, TokenPair pair, StoredTokenPair stored, NextDue due)
    {
        var (snapshot, lease) = (attempt.Snapshot, attempt.Lease);
        var (isDone, stands) = await log.StepAsync("commit", () => leases.ReleaseAsync(snapshot, lease, (held, mine) => new ConnectionChange(nextGeneration.Next(held.Connection, mine, pair, stored, due, attempt.Key))
        {
            Release = mine,
            Links = LinkConclusion.Of(held, mine, LinkStatus.Connected, null),
            Overflow = stored.Overflow,
            HadOverflow = held.Connection.HasOverflow,
            HadUnreadable = held.Connection.HasUnreadable,
        }));
        if (!isDone && stands?.Connection.Generation == lease.FromGeneration && stands.Lease is { Answer: not null } other)
        {
            // Another process took the lease over. It finishes with this answer, unless a renewal's answer took its place.
            return other.AttemptId == lease.AttemptId ? new RotationOutcome.Rotated(pair) : new RotationOutcome.LostRace();
        }

        if (!isDone && (stands?.Connection.Generation != pair.Generation || stands.Connection.CommittedBy != lease.AttemptId))
        {
            return new RotationOutcome.LostRace();
        }

        if (lease.Kind is LeaseKind.Exchange)
        {
            grants.RevokeFormer(snapshot, pair);
        }

        nextGeneration.Retire(snapshot.Connection, pair.Generation);
        await log.RotatedAsync(snapshot.Connection, lease);
        return new RotationOutcome.Rotated(pair);
    }
}
