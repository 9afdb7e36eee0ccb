using System.Text.RegularExpressions;
using FinxFunctions.Infra.Tests.Templates;
using FinxFunctions.Rotation;

namespace FinxFunctions.Infra.Tests.Scale;

[Collection("infra/README.md")]
public sealed class ScaleTests
{
    public static TheoryData<string> Tables => ["scale", "cost"];

    [Theory]
    [MemberData(nameof(Tables))]
    public void The_table_in_the_readme_is_what_the_code_computes(string table)
    {
        var computed = $"<!-- {table} -->\n{(table == "scale" ? ScaleTables.Scale() : ScaleTables.Cost())}\n<!-- /{table} -->";
        var readme = Repository.Read("infra", "README.md");
        var place = new Regex($"<!-- {table} -->.*<!-- /{table} -->", RegexOptions.Singleline);
        if (Repository.IsAccepting)
        {
            readme = place.Replace(readme, computed.Replace("$", "$$", StringComparison.Ordinal));
            File.WriteAllText(Repository.PathOf("infra", "README.md"), readme);
        }

        Assert.Contains(computed, readme, StringComparison.Ordinal);
    }

    [Fact]
    public void A_million_connections_refreshed_in_an_hour_fill_ten_vaults_and_two_subscriptions()
    {
        // So many in a day that at the busiest time all come within the hour.
        var hourly = new Load(1_000_000, VisitsPerDay: 24 / Assumptions.Peak, IsAlwaysReady: true, IsPrivate: true);

        Assert.Equal(1_000_000 / 3600.0, hourly.PeakVaultSets, precision: 6);
        Assert.Equal(10, Math.Ceiling(hourly.PeakVaultSets / Limits.VaultSetsPerSecond));
        Assert.Equal(12, hourly.Vaults);
        Assert.Equal(2, hourly.Subscriptions);
    }

    [Fact]
    public void What_the_timer_asks_of_a_vault_is_what_is_planned_for() => Assert.Equal(
        [$"{Limits.PlannedVaultSetsPerSecond}"],
        SourceText.Matches(@"SetsPerSecondAndVault = (\d+);", Repository.Read("src", "FinxFunctions", "Maintenance", "TickLimits.cs")));

    [Fact]
    public void The_timers_defaults_keep_a_million_connections_alive_in_one_vault()
    {
        var idle = new Load(1_000_000, VisitsPerDay: 0, IsAlwaysReady: true, IsPrivate: true);
        var defaults = new TokenOptions();

        Assert.Equal(1, idle.Vaults);
        Assert.InRange(idle.TickRefreshesPerSecond, 1, defaults.TickRefreshesPerSecond);
        Assert.InRange(idle.TickConcurrency, 1, defaults.TickConcurrency);
    }
}
