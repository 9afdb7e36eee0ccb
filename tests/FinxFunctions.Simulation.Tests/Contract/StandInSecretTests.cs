using Azure.Security.KeyVault.Secrets;
using FinxFunctions.StandIns;
using Microsoft.Extensions.Time.Testing;

namespace FinxFunctions.Simulation.Tests.Contract;

/// <summary>The shelf in memory.</summary>
public sealed class StandInSecretTests : SecretContract
{
    private readonly FakeTimeProvider _time = new();

    public StandInSecretTests() => Vault = new StandInSecretClient(new InMemoryVault(new Uri("https://one.vault.azure.net/"), _time), new DirectNetwork());

    protected override SecretClient Vault { get; }

    protected override void Pass(TimeSpan time) => _time.Advance(time);
}
