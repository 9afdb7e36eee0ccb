using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// At the start of a process, persists the answers that a former process of this instance has left in the <see cref="AnswerJournal"/>. The start
/// does not wait for it.
/// </summary>
public sealed class JournalReplay(AnswerJournal journal, AnswerPersistence answers, ConnectionStore store, DataKeys dataKeys, AnswerRetry retry)
{
    /// <summary>Begins to persist what is left, in the background.</summary>
    public void Start()
    {
        foreach (var left in journal.Read())
        {
            retry.Repeat(() => ReplayAsync(left));
        }
    }

    private async Task ReplayAsync(Lease left)
    {
        var key = await dataKeys.CurrentAsync(CancellationToken.None);
        var body = await dataKeys.DecryptAsync(left.Answer!, left.ConnectionId, left.ToGeneration, CancellationToken.None);
        if (await store.ReadAsync(left.ConnectionId, CancellationToken.None) is { } snapshot)
        {
            await answers.PersistAsync(new Attempt(snapshot, left, null, key), body, _ => Task.CompletedTask);
        }
        else
        {
            journal.Remove(left);
        }
    }
}
