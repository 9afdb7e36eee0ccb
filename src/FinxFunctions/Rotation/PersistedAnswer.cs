using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// What follows once an answer is persisted: nothing can take its tokens away any more, so the caller is answered at once. Steps 4 and 5 go on
/// in the background.
/// </summary>
public sealed class PersistedAnswer(TokenPairReader pairs, TokenPairCommit commit, UnreadableAnswers unreadable, RefusalWatch watch, BackgroundWork background)
{
    /// <summary>Reads a persisted answer, and begins steps 4 and 5.</summary>
    /// <returns>No outcome where the answer cannot be read.</returns>
    /// <exception cref="VaultException">The answer brought no refresh token, and Key Vault did not give the one in use.</exception>
    public async Task<Completion> CompleteAsync(Attempt attempt, ReadOnlyMemory<byte> body)
    {
        if (TokenResponse.TryParse(body) is not { IsPartial: false } response)
        {
            return new Completion(null, await unreadable.AddAsync(attempt, body));
        }

        if (attempt.Lease.Kind is LeaseKind.Refresh)
        {
            watch.Rotated(attempt.Connection.Id);
        }

        var pair = await pairs.NextAsync(attempt.Snapshot, attempt.Lease, response, CancellationToken.None);
        return new Completion(new RotationOutcome.Rotated(pair) { Finished = background.RunAsync(() => commit.FinishAsync(attempt, pair)) }, attempt);
    }
}
