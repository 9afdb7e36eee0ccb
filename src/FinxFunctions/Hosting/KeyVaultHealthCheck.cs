using Azure;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.KeyVault;
using FinxFunctions.State;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FinxFunctions.Hosting;

/// <summary>
/// Asks every vault for a secret that does not exist; the answer 404 proves the right to read. And no vault that was ever used may be missing
/// from the settings.
/// </summary>
public sealed class KeyVaultHealthCheck(VaultClients vaults, KnownVaults known, TimeProvider time) : IHealthCheck
{
    /// <summary>Less than a check may take.</summary>
    private static readonly TimeSpan TableLimit = TimeSpan.FromSeconds(2);

    private static readonly Dictionary<string, object> SettingsProblem = new() { [HealthView.SettingsProblem] = "Vaults__Addresses" };

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var reading = MissingAsync(cancellationToken);
        await Task.WhenAll(vaults.All.Select(vault => AskAsync(vault, cancellationToken))).WaitAsync(cancellationToken);
        var missing = await reading;
        return missing.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"Vaults__Addresses lacks {string.Join(", ", missing.Select(vault => vault.AbsoluteUri))}, where connections have their tokens.", data: SettingsProblem);
    }

    /// <summary>The vaults that the settings lack. Where Table Storage does not say, its own check does.</summary>
    private async Task<IReadOnlyList<Uri>> MissingAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await known.MissingAsync(cancellationToken).WaitAsync(TableLimit, time, cancellationToken);
        }
        catch (Exception exception) when (exception is StorageException or TimeoutException)
        {
            return [];
        }
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
