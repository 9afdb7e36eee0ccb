using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// Step 3, persist: finX's answer, as it came, is written encrypted into the lease's row before anything else can fail. It is written
/// even if the row changed while finX was asked: <see cref="LateAnswer"/> decides how.
/// </summary>
public sealed class AnswerPersistence(ConnectionStore store, Leases leases, PersistedAnswer persisted, AnswerRetry retry, RotationLog log)
{
    /// <summary>Persists an answer, and takes it through steps 4 and 5. If Table Storage fails, the answer is held in memory and tried again.</summary>
    /// <param name="whenUnreadable">What follows in the background, if the answer is persisted only there and cannot be read.</param>
    /// <exception cref="VaultException">The answer brought no refresh token, and Key Vault did not give the one in use.</exception>
    public async Task<Completion> PersistAsync(Attempt attempt, ReadOnlyMemory<byte> body, Func<Attempt, Task> whenUnreadable)
    {
        attempt = Encrypted(attempt, body);
        try
        {
            return await PersistAndCompleteAsync(attempt, body);
        }
        catch (StorageException exception)
        {
            log.NotPersisted(attempt.Lease.ConnectionId, attempt.Lease.ToGeneration, exception);
            return new Completion(await retry.StartAsync(attempt, body, PersistLaterAsync), attempt);
        }

        async Task PersistLaterAsync()
        {
            var (outcome, left) = await PersistAndCompleteAsync(attempt, body);
            if (outcome is null)
            {
                await whenUnreadable(left);
            }
        }
    }

    /// <summary>Goes on with an answer that is persisted.</summary>
    /// <exception cref="VaultException">The answer brought no refresh token, and Key Vault did not give the one in use.</exception>
    public Task<Completion> CompleteAsync(Attempt attempt, ReadOnlyMemory<byte> body) => persisted.CompleteAsync(attempt, body);

    private async Task<Completion> PersistAndCompleteAsync(Attempt attempt, ReadOnlyMemory<byte> body) => await TryPersistAsync(attempt, body) is { } written
        ? await CompleteAsync(written, body)
        : new Completion(new RotationOutcome.LostRace(), attempt);

    /// <summary>The attempt as it was persisted; null where its answer is of no use any more.</summary>
    private async Task<Attempt?> TryPersistAsync(Attempt attempt, ReadOnlyMemory<byte> body)
    {
        while (true)
        {
            if (await log.StepAsync("keep", () => store.TryUpdateAsync(attempt.Lease, CancellationToken.None)) is { } written)
            {
                return attempt with { Lease = written };
            }

            var current = await store.ReadAsync(attempt.Lease.ConnectionId, CancellationToken.None);
            switch (LateAnswer.Decide(current, attempt.Lease, leases.ConsentExpiry(attempt.Lease), TokenResponse.TryParse(body) is not null))
            {
                case LateAnswer.Discarded:
                    return null;
                case LateAnswer.AlreadyPersisted:
                    return attempt with { Snapshot = current!, Lease = current!.Lease! };
                case LateAnswer.Persist { Lease: var lease }:
                    log.PersistedLate(lease.ConnectionId, lease.ToGeneration);
                    attempt = Encrypted(attempt with { Snapshot = current!, Lease = leases.Extend(lease) }, body);
                    break;
            }

            if (current!.Lease is null && await InsertAsync(attempt, current) is { } inserted)
            {
                return inserted;
            }
        }
    }

    // The due entry is written beside the lease: the answer must not wait for it.
    private async Task<Attempt?> InsertAsync(Attempt attempt, ConnectionSnapshot current)
    {
        var scheduled = leases.ScheduleExpiryAsync(attempt.Lease);
        if (await leases.AcquirePreparedAsync(current, new ConnectionChange(current.Connection) { Acquire = attempt.Lease }) is not { Lease: { } inserted } held)
        {
            return null;
        }

        await scheduled;
        return attempt with { Snapshot = held, Lease = inserted };
    }

    private static Attempt Encrypted(Attempt attempt, ReadOnlyMemory<byte> body) => attempt with
    {
        Lease = attempt.Lease with { Answer = attempt.Key.Encrypt(body.Span, attempt.Lease.ConnectionId, attempt.Lease.ToGeneration) },
    };
}
