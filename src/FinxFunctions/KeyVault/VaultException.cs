using System.Text.Json;
using Azure;
using Azure.Identity;

namespace FinxFunctions.KeyVault;

/// <summary>Key Vault could not be reached, refused us, or asks us to come again. Passing, or an operator's to mend; no token is lost by it.</summary>
public sealed class VaultException(Exception inner) : Exception("Key Vault is not available.", inner)
{
    /// <summary>Whether Key Vault answered that it does not have what was asked for.</summary>
    public bool IsNotFound => InnerException is RequestFailedException { Status: 404 };

    /// <summary>Makes a call, its failures as <see cref="VaultException"/>.</summary>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is RequestFailedException or AuthenticationFailedException or JsonException or InvalidDataException or AggregateException { InnerException: RequestFailedException })
        {
            throw new VaultException(exception);
        }
    }
}
