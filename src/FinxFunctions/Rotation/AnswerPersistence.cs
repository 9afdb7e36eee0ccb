using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// Step 3, persist: finX's answer, as it came, is written encrypted into the lease's row before anything else can fail. Where an
/// <see cref="AnswerJournal"/> is configured, it is written to the instance's disk before that.
/// </summary>
public sealed class AnswerPersistence(AnswerWriter writer, AnswerJournal journal, PersistedAnswer persisted, AnswerRetry retry, RotationLog log)
{
    /// <summary>Persists an answer, and takes it through steps 4 and 5. If Table Storage fails, the answer is held in memory and tried again.</summary>
    /// <param name="whenUnreadable">What follows in the background, if the answer is persisted only there and cannot be read.</param>
    /// <exception cref="VaultException">The answer brought no refresh token, and Key Vault did not give the one in use.</exception>
    public async Task<Completion> PersistAsync(Attempt attempt, ReadOnlyMemory<byte> body, Func<Attempt, Task> whenUnreadable)
    {
        attempt = AnswerWriter.Encrypted(attempt, body);
        journal.Write(attempt.Lease);
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

    private async Task<Completion> PersistAndCompleteAsync(Attempt attempt, ReadOnlyMemory<byte> body)
    {
        var written = await writer.TryPersistAsync(attempt, body);
        journal.Remove(attempt.Lease);
        return written is null ? new Completion(new RotationOutcome.LostRace(), attempt) : await CompleteAsync(written, body);
    }
}
