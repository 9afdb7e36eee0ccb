using Azure;
using Azure.Identity;

namespace Finx.Tokens;

/// <summary>Key Vault could not be reached, refused us, or asks us to come again. Passing, or an operator's to mend; no token is lost by it.</summary>
public sealed class VaultException(Exception inner) : Exception("Key Vault is not available.", inner)
{
    /// <summary>Makes a call, its failures as <see cref="VaultException"/>.</summary>
    internal static async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is RequestFailedException or AuthenticationFailedException or AggregateException { InnerException: RequestFailedException })
        {
            throw new VaultException(exception);
        }
    }
}
