using Azure;
using Azure.Identity;

namespace FinxFunctions.State;

/// <summary>Table Storage could not be reached, or failed. A later try may succeed.</summary>
public sealed class StorageException(Exception inner) : Exception("Table Storage is not available.", inner)
{
    /// <summary>Whether the service or the network failed, and not this code. The client has then used up its own retries.</summary>
    private static bool IsStorage(Exception exception) => exception is RequestFailedException or AuthenticationFailedException or AggregateException { InnerException: RequestFailedException or AuthenticationFailedException };

    /// <summary>Makes a call and turns its failures into <see cref="StorageException"/>.</summary>
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
