using Azure;
using Azure.Identity;

namespace FinxFunctions.State;

/// <summary>Table Storage could not be reached, or did not do what it should. Passing: try later.</summary>
public sealed class StorageException(Exception inner) : Exception("Table Storage is not available.", inner)
{
    /// <summary>Whether the failure is the service's or the way to it, not a bug of ours. The client's own retries are over by then.</summary>
    private static bool IsStorage(Exception exception) => exception is RequestFailedException or AuthenticationFailedException or AggregateException { InnerException: RequestFailedException or AuthenticationFailedException };

    /// <summary>Makes a call, its failures as <see cref="StorageException"/>.</summary>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (IsStorage(exception))
        {
            throw new StorageException(exception);
        }
    }
}
