using Azure.Security.KeyVault.Secrets;
using FinxFunctions.Diagnostics;
using FinxFunctions.KeyVault;
using FinxFunctions.Simulation.Tests.Staging;
using FinxSandbox;
using FinxSandbox.Faults;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Simulation.Tests.KeyVault;

public sealed class VaultClientsTests
{
    private static readonly Uri One = new("https://one.vault.azure.net/");
    private static readonly Uri Two = new("https://two.vault.azure.net/");

    private readonly VaultClients _clients = new Scenario().Get<VaultClients>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("00000000", false)]
    [InlineData("00000001", true)]
    [InlineData("fffffffe", false)]
    [InlineData("ffffffff", true)]
    public void New_connections_are_spread_over_the_vaults_by_their_ids(string id, bool isSecond) =>
        Assert.Equal(isSecond ? Two : One, _clients.VaultFor(id + Pairs.Id[8..]));

    [Fact]
    public void There_is_one_client_for_each_vault()
    {
        Assert.Equal(One, _clients.First);
        Assert.Equal([_clients.For(One), _clients.For(Two)], _clients.All);
        Assert.Same(_clients.For(One), _clients.For(new Uri("https://ONE.vault.azure.net/secrets/name/version")));
        Assert.NotSame(_clients.For(One), _clients.For(Two));
    }

    [Theory]
    [InlineData("https://three.vault.azure.net/")]
    [InlineData("http://one.vault.azure.net/")]
    [InlineData("https://one.vault.azure.net:444/")]
    public void No_other_is_asked(string vault)
    {
        var failure = Assert.Throws<VaultException>(() => _clients.For(new Uri(vault)));

        Assert.Equal($"{vault} is in use, but Vaults__Addresses does not name it.", failure.InnerException!.Message);
    }

    [Fact]
    public async Task A_loopback_vault_is_trusted_for_the_public_key_it_shows()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        using var clients = ClientsOf(sandbox, sandbox.VaultPublicKeyThumbprint.ToLowerInvariant());

        await clients.For(sandbox.VaultAddresses[0]).SetSecretAsync(new KeyVaultSecret("name", "value"), Cancel);

        Assert.Single(sandbox.Journal.Of("vault.set"));
    }

    [Fact]
    public async Task What_a_vault_refuses_for_its_number_is_counted_try_by_try_and_asked_again()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        var metrics = new Scenario();
        using var throttled = metrics.Metric<long>("finx.throttled");
        using var clients = ClientsOf(sandbox, sandbox.VaultPublicKeyThumbprint, metrics);
        sandbox.Faults.Add(new FaultRule { Kind = FaultKind.Throttle, Operation = "vault.set" });

        await clients.For(sandbox.VaultAddresses[0]).SetSecretAsync(new KeyVaultSecret("name", "value"), Cancel);

        Assert.Equal("key_vault", Assert.Single(throttled.GetMeasurementSnapshot()).Tags["dependency"]);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("")]
    [InlineData(null)]
    public async Task And_for_no_other_key(string? thumbprint)
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        using var clients = ClientsOf(sandbox, thumbprint);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMilliseconds(800));

        await Assert.ThrowsAnyAsync<Exception>(() => clients.For(sandbox.VaultAddresses[0]).GetSecretAsync("name", cancellationToken: limit.Token));

        Assert.Empty(sandbox.Journal.Entries);
    }

    [Fact]
    public async Task Its_connections_end_with_the_process()
    {
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        var clients = ClientsOf(sandbox, sandbox.VaultPublicKeyThumbprint);
        var client = clients.For(sandbox.VaultAddresses[0]);
        await client.SetSecretAsync(new KeyVaultSecret("name", "value"), Cancel);

        clients.Dispose();

        await Assert.ThrowsAnyAsync<Exception>(() => client.SetSecretAsync(new KeyVaultSecret("name", "value"), Cancel));
        Assert.Single(sandbox.Journal.Of("vault.set"));
    }

    private static VaultClients ClientsOf(SandboxServer sandbox, string? thumbprint, Scenario? metrics = null)
    {
        var options = new VaultOptions { PublicKeyThumbprint = thumbprint };
        options.Addresses.Add(sandbox.VaultAddresses[0]);
        return new VaultClients(sandbox.Credential, (metrics ?? new Scenario()).Get<FinxMetrics>(), Options.Create(options), NullLogger<VaultClients>.Instance);
    }
}
