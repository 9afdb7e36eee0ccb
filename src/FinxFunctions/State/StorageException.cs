using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;

namespace FinxFunctions.State;

/// <summary>Table Storage could not be reached, or did not answer as it should. A later try may succeed.</summary>
public sealed class StorageException(Exception inner) : Exception("Table Storage is not available.", inner)
{
    /// <summary>How long Table Storage asks to wait; null where it does not ask.</summary>
    public TimeSpan? RetryAfter { get; } = AzureFailure.RetryAfterOf(inner);

    /// <summary>Makes a call. Any failure becomes a <see cref="StorageException"/>, but for a cancellation that the caller asked for.</summary>
    /// <param name="cancellationToken">The caller's.</param>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not (StorageException or VaultException) && AzureFailure.IsUnavailable(exception, cancellationToken))
        {
            throw new StorageException(exception);
        }
    }
}
