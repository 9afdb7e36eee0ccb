using FinxFunctions.Rotation;

namespace FinxFunctions.Connections;

/// <summary>A deletion that a caller waits for, at most <c>Tokens__WaitLimit</c>. It goes on behind, and if the caller goes away.</summary>
public sealed class CallerDeletion(ConnectionDeletion deletion, BackgroundWork background, IOptions<TokenOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Deletes a connection. <see cref="DeletionOutcome.Busy"/> if that takes longer.</summary>
    /// <exception cref="Finx.FinxException">finX did not revoke the token.</exception>
    /// <exception cref="KeyVault.VaultException">Key Vault did not answer.</exception>
    /// <exception cref="State.StorageException">Table Storage did not answer.</exception>
    public async Task<DeletionOutcome> DeleteAsync(string callerId, string id, CancellationToken cancellationToken)
    {
        var work = background.RunAsync(() => AfterCommitAsync(callerId, id));
        try
        {
            return await work.WaitAsync(options.Value.WaitLimit, time, cancellationToken);
        }
        catch (TimeoutException) when (!work.IsCompleted)
        {
            return DeletionOutcome.Busy;
        }
    }

    private async Task<DeletionOutcome> AfterCommitAsync(string callerId, string id)
    {
        var until = time.GetUtcNow() + options.Value.WaitLimit;
        while (true)
        {
            var outcome = await deletion.DeleteAsync(callerId, id);
            if (outcome is not DeletionOutcome.Committing)
            {
                return outcome;
            }

            if (time.GetUtcNow() >= until)
            {
                return DeletionOutcome.Busy;
            }

            await Task.Delay(Poll, time, CancellationToken.None);
        }
    }
}
