using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Protections;

public sealed class MonitoringTests(Deployments deployments)
{
    private const string Insights = "Microsoft.Insights/components";
    private const string Workspace = "Microsoft.OperationalInsights/workspaces";

    [Fact, Trait("PSRule", "Azure.AppInsights.LocalAuth")]
    public void Only_entra_identities_send_telemetry() =>
        Assert.All(deployments.Everywhere(Insights), insights => Assert.True(insights.Flag("properties.DisableLocalAuth")));

    [Fact]
    public void No_key_writes_to_the_workspace() =>
        Assert.All(deployments.Everywhere(Workspace), workspace => Assert.True(workspace.Flag("properties.features.disableLocalAuth")));

    [Fact, Trait("PSRule", "Azure.AppInsights.Workspace")]
    public void Telemetry_lies_in_the_workspace_with_the_vaults_records() => Assert.All(deployments.All, deployment => Assert.Equal(
        Assert.Single(deployment.All(Workspace)).Id,
        Assert.Single(deployment.All(Insights)).Text("properties.WorkspaceResourceId")));

    [Fact]
    public void Users_addresses_are_masked() =>
        Assert.All(deployments.Everywhere(Insights), insights => Assert.False(insights.Flag("properties.DisableIpMasking")));

    [Fact]
    public void Production_keeps_its_records_for_a_year() =>
        Assert.Equal(365, Assert.Single(deployments.Prod.All(Workspace)).Number("properties.retentionInDays"));
}
