using Azure;
using FinxFunctions.Primitives;

namespace FinxFunctions.KeyVault;

/// <summary>Key Vault could not be reached, refused the call, asks to wait, or did not answer as it should. A later try may succeed, or an operator must act. No token is lost.</summary>
public sealed class VaultException(Exception inner) : Exception("Key Vault is not available.", inner)
{
    /// <summary>Whether Key Vault answered that the secret does not exist.</summary>
    public bool IsNotFound => IsMissing(InnerException);

    /// <summary>How long Key Vault asks to wait; null where it does not ask.</summary>
    public TimeSpan? RetryAfter { get; } = AzureFailure.RetryAfterOf(inner);

    /// <summary>Makes a call. Any failure becomes a <see cref="VaultException"/>, but for a cancellation that the caller asked for.</summary>
    /// <param name="cancellationToken">The caller's.</param>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not VaultException && AzureFailure.IsUnavailable(exception, cancellationToken))
        {
            throw new VaultException(exception);
        }
    }

    /// <summary>Whether a failure is Key Vault's own word that there is no such secret. The 404 of a gateway is not.</summary>
    internal static bool IsMissing(Exception? exception) => exception is RequestFailedException { Status: 404, ErrorCode: "SecretNotFound" };
}
