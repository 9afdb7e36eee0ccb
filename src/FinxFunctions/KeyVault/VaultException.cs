using System.Text.Json;
using Azure;
using Azure.Identity;

namespace FinxFunctions.KeyVault;

/// <summary>Key Vault could not be reached, refused the call, or asks to wait. A later try may succeed, or an operator must act. No token is lost.</summary>
public sealed class VaultException(Exception inner) : Exception("Key Vault is not available.", inner)
{
    /// <summary>Whether Key Vault answered that the secret does not exist.</summary>
    public bool IsNotFound => InnerException is RequestFailedException { Status: 404 };

    /// <summary>Makes a call and turns its failures into <see cref="VaultException"/>.</summary>
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
