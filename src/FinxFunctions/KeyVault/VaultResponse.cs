using Azure.Security.KeyVault.Secrets;

namespace FinxFunctions.KeyVault;

/// <summary>Key Vault's answers, looked at: its client takes a body without a field for a secret without one.</summary>
public static class VaultResponse
{
    /// <exception cref="InvalidDataException">The answer lacks the version or the value, so something on the way gave it.</exception>
    public static KeyVaultSecret EnsureComplete(KeyVaultSecret secret) =>
        secret is { Id: not null, Value: not null } ? secret : throw new InvalidDataException("Key Vault's answer is not whole.");
}
