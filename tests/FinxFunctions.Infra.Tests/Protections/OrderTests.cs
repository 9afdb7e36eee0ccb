using System.Text.Json.Nodes;
using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Protections;

/// <summary>What waits for what: a snapshot does not say it, the compiled template does.</summary>
public sealed class OrderTests
{
    private static JsonNode Modules { get; } = JsonNode.Parse(BicepCli.Run(new Dictionary<string, string>(), "build", Repository.PathOf("infra", "main.bicep"), "--stdout"))!["resources"]!;

    [Fact]
    public void The_app_gets_its_settings_when_it_has_its_rights_and_the_way_to_its_stores() => Assert.Superset(new HashSet<string> { "roles", "endpoints" }, WaitsFor("app"));

    [Fact]
    public void Rights_are_given_when_there_is_all_that_they_are_to() => Assert.Superset(
        new HashSet<string> { "identity", "monitoring", "hostStorage", "stateStorage", "auditStorage", "settingsVault", "tokenVault" },
        WaitsFor("roles"));

    [Fact]
    public void Records_are_kept_where_there_is_a_workspace() =>
        Assert.All((string[])["auditStorage", "settingsVault", "tokenVault"], module => Assert.Contains("monitoring", WaitsFor(module)));

    [Fact]
    public void Endpoints_lead_to_stores_that_are_there() => Assert.Superset(
        new HashSet<string> { "network", "hostStorage", "stateStorage", "auditStorage", "settingsVault", "tokenVault" },
        WaitsFor("endpoints"));

    private static HashSet<string> WaitsFor(string module) => [.. Modules[module]!["dependsOn"]!.AsArray().Select(name => name!.GetValue<string>())];
}
