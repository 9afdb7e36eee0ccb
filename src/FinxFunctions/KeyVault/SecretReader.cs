using Azure;
using Azure.Security.KeyVault.Secrets;

namespace FinxFunctions.KeyVault;

/// <summary>Reads single secrets, and tells one that is missing from a vault that does not answer as it should.</summary>
public sealed class SecretReader(VaultClients vaults, TimeProvider time)
{
    /// <summary>How often, and how long apart, a secret under recovery is looked for.</summary>
    private const int Looks = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>A version of a secret, or its newest where <paramref name="version"/> is null; null where Key Vault says that there is none.</summary>
    /// <exception cref="VaultException">Key Vault did not answer.</exception>
    public Task<KeyVaultSecret?> FindAsync(Uri vault, string name, string? version, CancellationToken cancellationToken) => VaultException.GuardAsync<KeyVaultSecret?>(async () =>
    {
        try
        {
            return VaultResponse.EnsureComplete(await vaults.For(vault).GetSecretAsync(name, version, cancellationToken: cancellationToken));
        }
        catch (RequestFailedException exception) when (VaultException.IsMissing(exception))
        {
            return null;
        }
    }, cancellationToken);

    /// <summary>Recovers a deleted secret; false where there is none to recover.</summary>
    /// <exception cref="VaultException">Key Vault did not answer, or needs longer.</exception>
    public Task<bool> TryRecoverAsync(Uri vault, string name, CancellationToken cancellationToken) => VaultException.GuardAsync(async () =>
    {
        try
        {
            await vaults.For(vault).StartRecoverDeletedSecretAsync(name, cancellationToken);
        }
        catch (RequestFailedException exception) when (VaultException.IsMissing(exception))
        {
            return false;
        }

        for (var look = 0; look < Looks; look++)
        {
            if (await FindAsync(vault, name, null, cancellationToken) is not null)
            {
                return true;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        throw new TimeoutException($"Secret {name} is still being recovered.");
    }, cancellationToken);
}
