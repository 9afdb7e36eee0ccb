using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>Steps 4 and 5: the pair becomes one Key Vault secret version, and the connection moves to the next generation.</summary>
public sealed class TokenPairCommit(TokenVault vault, TokenPairReader pairs, NextGeneration nextGeneration, Leases leases, RotationLog log)
{
    /// <summary>
    /// Takes a persisted answer through steps 4 and 5. If a store fails meanwhile, callers are served from the persisted answer, and the
    /// end of the lease brings a process that tries again.
    /// </summary>
    /// <returns>No outcome where the answer cannot be read.</returns>
    /// <exception cref="VaultException">The answer brought no refresh token, and Key Vault did not give the one in use.</exception>
    public async Task<Completion> CompleteAsync(Attempt attempt, ReadOnlyMemory<byte> body)
    {
        if (TokenResponse.TryParse(body) is not { } response)
        {
            return new Completion(null, attempt with { Lease = attempt.Lease with { Ambiguous = true, Unanswered = true, Answer = null, AnsweredAt = null } });
        }

        var pair = await pairs.NextAsync(attempt.Snapshot, attempt.Lease, response, CancellationToken.None);
        try
        {
            var scheduled = nextGeneration.ScheduleAsync(attempt.Connection, pair);
            var stored = await log.StepAsync("vault", () => vault.SetAsync(attempt.Connection.Vault, pair, CancellationToken.None));
            return new Completion(await CommitAsync(attempt.Snapshot, attempt.Lease, pair, stored, await scheduled), attempt);
        }
        catch (VaultException exception)
        {
            log.VaultLater(pair.ConnectionId, pair.Generation, exception);
        }
        catch (StorageException exception)
        {
            log.CommitLater(pair.ConnectionId, pair.Generation, exception);
        }

        return new Completion(new RotationOutcome.Rotated(pair), attempt);
    }

    /// <summary>Commits an answer that reached Key Vault, but not the table. Null where there is none.</summary>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<RotationOutcome?> FromVaultAsync(ConnectionSnapshot snapshot, Lease lease)
    {
        var connection = snapshot.Connection;
        return await vault.FindAsync(connection.Vault, connection.Id, lease.ToGeneration, CancellationToken.None) is var (pair, secretId) && pair.ObtainedAt >= lease.StartedAt
            ? await CommitAsync(snapshot, lease, pair, new StoredTokenPair(secretId, null), await nextGeneration.ScheduleAsync(connection, pair))
            : null;
    }

    // Step 5: one batch moves the connection to the next generation with the exact secret version, and deletes the lease. Both are
    // conditional: a former holder cannot commit a lease that another process has taken over.
    private async Task<RotationOutcome> CommitAsync(ConnectionSnapshot snapshot, Lease lease, TokenPair pair, StoredTokenPair stored, NextDue due)
    {
        var (isDone, stands) = await log.StepAsync("commit", () => leases.ReleaseAsync(snapshot, lease, (held, mine) => new ConnectionChange(nextGeneration.Next(held.Connection, mine, pair, stored, due))
        {
            Release = mine,
            Links = LinkConclusion.Of(held, mine, LinkStatus.Connected, null),
            Overflow = stored.Overflow,
            HadOverflow = held.Connection.HasOverflow,
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

        nextGeneration.Retire(snapshot.Connection, lease.ToGeneration);
        await log.RotatedAsync(snapshot.Connection, lease);
        return new RotationOutcome.Rotated(pair);
    }
}
