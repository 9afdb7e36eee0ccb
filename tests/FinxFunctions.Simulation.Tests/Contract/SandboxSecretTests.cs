using Azure.Security.KeyVault.Secrets;
using FinxFunctions.Diagnostics;
using FinxFunctions.KeyVault;
using FinxFunctions.Simulation.Tests.Staging;
using FinxSandbox;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Simulation.Tests.Contract;

/// <summary>The vault in miniature, by the client as the service makes it.</summary>
public sealed class SandboxSecretTests : SecretContract, IAsyncLifetime
{
    private SandboxServer? _sandbox;
    private VaultClients? _clients;

    protected override SecretClient Vault => _clients!.For(_clients.First);

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions(), TestContext.Current.CancellationToken);
        var options = new VaultOptions { PublicKeyThumbprint = _sandbox.VaultPublicKeyThumbprint };
        options.Addresses.Add(_sandbox.VaultAddresses[0]);
        _clients = new VaultClients(_sandbox.Credential, new Scenario().Get<FinxMetrics>(), Options.Create(options), NullLogger<VaultClients>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _clients?.Dispose();
        await (_sandbox?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    protected override void Pass(TimeSpan time) => _sandbox!.Clock.Advance(time);
}
