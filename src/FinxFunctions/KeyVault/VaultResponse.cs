using Azure.Security.KeyVault.Secrets;

namespace FinxFunctions.KeyVault;

/// <summary>Checks Key Vault's answers: its client accepts a body in which fields are missing.</summary>
public static class VaultResponse
{
    /// <exception cref="InvalidDataException">The version or the value is missing. The answer cannot come from Key Vault.</exception>
    public static KeyVaultSecret EnsureComplete(KeyVaultSecret secret) =>
        secret is { Id: not null, Value: not null } ? secret : throw new InvalidDataException("Key Vault's answer is not whole.");
}
