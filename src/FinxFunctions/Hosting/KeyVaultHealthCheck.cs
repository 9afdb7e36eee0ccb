using Azure;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.KeyVault;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FinxFunctions.Hosting;

/// <summary>Asks every vault for a secret that does not exist. The answer 404 proves the right to read.</summary>
public sealed class KeyVaultHealthCheck(VaultClients vaults) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        await Task.WhenAll(vaults.All.Select(vault => AskAsync(vault, cancellationToken))).WaitAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }

    private static async Task AskAsync(SecretClient vault, CancellationToken cancellationToken)
    {
        try
        {
            await vault.GetSecretAsync("health", cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 404)
        {
        }
    }
}
