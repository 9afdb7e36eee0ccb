using Azure.Core;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.Diagnostics;
using FinxFunctions.KeyVault;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FinxFunctions.StandIns;

/// <summary>The client side of the vaults in memory.</summary>
public sealed class StandInVaultClients(IReadOnlyDictionary<Uri, InMemoryVault> vaults, Network network, TokenCredential credential, FinxMetrics metrics, IOptions<VaultOptions> options, ILogger<VaultClients> logger) : VaultClients(credential, metrics, options, logger)
{
    protected override SecretClient Create(Uri vault) => new StandInSecretClient(vaults[vault], network);
}
