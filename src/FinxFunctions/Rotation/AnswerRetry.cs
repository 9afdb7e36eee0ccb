using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// Holds an answer in memory that Table Storage does not take. Key Vault is a second place for the pair, and a recovery looks there. The
/// table is tried again until it answers or the process ends.
/// </summary>
public sealed class AnswerRetry(TokenVault vault, TokenPairReader pairs, RotationPolicy policy, BackgroundWork background)
{
    private const int LongestBackoff = 4;

    /// <summary>Starts to try again in the background, and tells what the caller gets meanwhile.</summary>
    /// <param name="persist">Tries the table once.</param>
    /// <exception cref="VaultException">The refresh token in use was needed, and Key Vault did not give it.</exception>
    public async Task<RotationOutcome> StartAsync(Attempt attempt, ReadOnlyMemory<byte> body, Func<Task> persist)
    {
        background.Start(() => RetryAsync(attempt, body, persist));
        return TokenResponse.TryParse(body) is { RefreshToken: not null } response
            ? new RotationOutcome.Rotated(await pairs.NextAsync(attempt.Snapshot, attempt.Lease, response, CancellationToken.None))
            : new RotationOutcome.Ambiguous(attempt.Lease.ExpiresAt);
    }

    /// <summary>Does work in the background, again and again while a store does not answer.</summary>
    public void Repeat(Func<Task> work) => background.Start(async () =>
    {
        for (var failures = 1; !background.Stopping.IsCancellationRequested; failures++)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception exception) when (exception is StorageException or VaultException)
            {
                await BackOffAsync(failures);
            }
        }
    });

    private async Task RetryAsync(Attempt attempt, ReadOnlyMemory<byte> body, Func<Task> persist)
    {
        var isInVault = false;
        for (var failures = 1; ; failures++)
        {
            isInVault = isInVault || await TryVaultAsync(attempt, body);
            try
            {
                await persist();
                return;
            }
            catch (StorageException)
            {
                await BackOffAsync(failures);
            }
        }
    }

    private Task BackOffAsync(int failures) => policy.DelayAsync(policy.RetryAt(Math.Min(failures, LongestBackoff), null) - policy.Now);

    private async Task<bool> TryVaultAsync(Attempt attempt, ReadOnlyMemory<byte> body)
    {
        try
        {
            if (TokenResponse.TryParse(body) is { IsPartial: false } response)
            {
                await vault.SetAsync(attempt.Connection.Vault, await pairs.NextAsync(attempt.Snapshot, attempt.Lease, response, CancellationToken.None), CancellationToken.None);
                return true;
            }
        }
        catch (VaultException)
        {
            // Tried again with the table.
        }

        return false;
    }
}
