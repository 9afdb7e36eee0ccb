using FinxFunctions.Hosting;
using FinxFunctions.KeyVault;
using FinxFunctions.Maintenance;
using FinxFunctions.Simulation.Tests.Staging;
using FinxFunctions.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FinxFunctions.Simulation.Tests.State;

/// <summary>A vault that was ever used and is missing from the settings.</summary>
public sealed class KnownVaultsTests
{
    private static readonly Uri One = new("https://one.vault.azure.net/");
    private static readonly Uri Two = new("https://two.vault.azure.net/");

    private readonly Scenario _scenario = new();

    [Fact]
    public void It_makes_the_app_not_ready_which_says_which()
    {
        Remember(_scenario, Two);
        Assert.Equal(HealthStatus.Healthy, Check(_scenario).Status);
        var other = WithoutTwo();

        var result = Check(other);

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Equal("Vaults__Addresses lacks https://two.vault.azure.net/, where connections have their tokens.", result.Description);
        var view = HealthView.Of(new HealthReport(
            new Dictionary<string, HealthReportEntry> { ["key_vault"] = new(result.Status, result.Description!, TimeSpan.Zero, null, result.Data) }, TimeSpan.Zero));
        Assert.Equal(result.Description, Assert.Single(view.Problems!));
        Assert.False(view.IsHealthy);
    }

    [Fact]
    public void A_new_connection_has_its_vault_remembered_once_for_a_process()
    {
        for (var connection = 0; connection < 20; connection++)
        {
            _scenario.CreateLink();
        }

        Assert.Equal(["one.vault.azure.net", "two.vault.azure.net"], Remembered());
        Assert.Equal(2 + 20, _scenario.Script.Calls.Count(call => call == "users.upsert"));
    }

    [Fact]
    public void So_has_a_connection_that_the_resync_reads()
    {
        var id = _scenario.Connect();
        Forget();

        WithoutTwo().Do(async (ScheduleResync resync) =>
        {
            await resync.StepAsync(CancellationToken.None);
            await resync.StepAsync(CancellationToken.None);
        });

        Assert.Equal([_scenario.Connection(id).Vault.Host], Remembered());
    }

    [Fact]
    public void Its_secrets_are_not_available_and_one_line_of_the_log_says_why()
    {
        var other = WithoutTwo();
        var id = new Uri(Two, "secrets/name/0123456789abcdef0123456789abcdef");

        Assert.Throws<VaultException>(() => other.Do((TokenVault vault) => vault.GetAsync(id, null, CancellationToken.None)));
        Assert.Throws<VaultException>(() => other.Do((TokenVault vault) => vault.LatestAsync(new KnownPair(Two, Pairs.Id, 1, id, null), CancellationToken.None)));

        Assert.Equal([91], other.Events);
    }

    [Fact]
    public void Where_the_table_does_not_say_the_vaults_are_judged_without_it()
    {
        _scenario.Script.On("users.query", ScriptedFault.Silent());

        Assert.Equal(HealthStatus.Healthy, Check(_scenario).Status);
    }

    private static void Remember(Scenario scenario, Uri vault) => scenario.Do((KnownVaults vaults) => vaults.RememberAsync(vault, CancellationToken.None));

    private static HealthCheckResult Check(Scenario scenario) => scenario.Do((VaultClients vaults) =>
        new KeyVaultHealthCheck(vaults, scenario.Get<KnownVaults>(), scenario.Get<TimeProvider>()).CheckHealthAsync(new HealthCheckContext(), CancellationToken.None));

    private Scenario WithoutTwo() => _scenario.OtherProcess(("Vaults:Addresses:1", One.AbsoluteUri));

    private IEnumerable<string> Remembered() => _scenario.Rows("users").Where(row => row.PartitionKey == "vaults").Select(row => row.RowKey);

    private void Forget() => _scenario.Do(async (StateTables tables) =>
    {
        var table = await tables.UsersAsync(CancellationToken.None);
        foreach (var host in Remembered().ToList())
        {
            await table.DeleteEntityAsync("vaults", host, Azure.ETag.All, CancellationToken.None);
        }
    });
}
