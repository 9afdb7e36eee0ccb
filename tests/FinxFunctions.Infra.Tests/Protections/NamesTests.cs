using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Protections;

public sealed class NamesTests(Deployments deployments)
{
    /// <summary>What a name begins with, after the Cloud Adoption Framework, and what Azure allows. A vault's leaves room for a hundred.</summary>
    [Theory]
    [InlineData("Microsoft.Resources/resourceGroups", "^rg-[a-zA-Z0-9._()-]{1,86}[a-zA-Z0-9_()-]$")]
    [InlineData("Microsoft.ManagedIdentity/userAssignedIdentities", "^id-[a-zA-Z0-9_-]{1,125}$")]
    [InlineData("Microsoft.OperationalInsights/workspaces", "^log-[a-zA-Z0-9-]{0,58}[a-zA-Z0-9]$")]
    [InlineData("Microsoft.Insights/components", "^appi-[a-zA-Z0-9._()-]{0,249}[a-zA-Z0-9_()-]$")]
    [InlineData("Microsoft.Insights/actionGroups", "^ag-[a-zA-Z0-9-]{1,250}$")]
    [InlineData("Microsoft.Web/serverfarms", "^plan-[a-zA-Z0-9-]{1,55}$")]
    [InlineData("Microsoft.Web/sites", "^func-[a-zA-Z0-9-]{0,54}[a-zA-Z0-9]$")]
    [InlineData("Microsoft.Storage/storageAccounts", "^st[a-z0-9]{1,22}$")]
    [InlineData("Microsoft.KeyVault/vaults", "^kv-[a-z0-9-]{0,18}[a-z0-9]$")]
    [Trait("PSRule", "Azure.Group.Name"), Trait("PSRule", "Azure.Group.Naming")]
    [Trait("PSRule", "Azure.Identity.UserAssignedName")]
    [Trait("PSRule", "Azure.Log.Name"), Trait("PSRule", "Azure.Log.Naming")]
    [Trait("PSRule", "Azure.AppInsights.Name"), Trait("PSRule", "Azure.AppInsights.Naming")]
    [Trait("PSRule", "Azure.Storage.Name"), Trait("PSRule", "Azure.Storage.Naming")]
    [Trait("PSRule", "Azure.KeyVault.Name")]
    public void A_name_says_what_it_is_of_and_is_allowed(string type, string pattern) =>
        Assert.All(deployments.Everywhere(type), resource => Assert.Matches(pattern, resource.Name));

    [Theory]
    [InlineData("Microsoft.Network/networkSecurityGroups", "^nsg-[a-zA-Z0-9._-]{0,75}[a-zA-Z0-9_]$")]
    [InlineData("Microsoft.Network/virtualNetworks", "^vnet-[a-zA-Z0-9._-]{0,58}[a-zA-Z0-9_]$")]
    [InlineData("Microsoft.Network/publicIPAddresses", "^pip-[a-zA-Z0-9._-]{0,75}[a-zA-Z0-9_]$")]
    [InlineData("Microsoft.Network/natGateways", "^ng-[a-zA-Z0-9._-]{0,76}[a-zA-Z0-9_]$")]
    [InlineData("Microsoft.Network/privateEndpoints", "^pep-[a-zA-Z0-9._-]{0,59}[a-zA-Z0-9_]$")]
    [Trait("PSRule", "Azure.NSG.Name"), Trait("PSRule", "Azure.NSG.Naming")]
    [Trait("PSRule", "Azure.VNET.Name"), Trait("PSRule", "Azure.VNET.Naming")]
    [Trait("PSRule", "Azure.PublicIP.Name"), Trait("PSRule", "Azure.PublicIP.Naming")]
    [Trait("PSRule", "Azure.PrivateEndpoint.Name")]
    public void A_name_in_the_network_does_too(string type, string pattern) =>
        Assert.All(deployments.Prod.All(type), resource => Assert.Matches(pattern, resource.Name));

    [Fact, Trait("PSRule", "Azure.VNET.SubnetName")]
    public void A_subnets_name_is_allowed() => Assert.All(
        Assert.Single(deployments.Prod.All("Microsoft.Network/virtualNetworks"))["properties.subnets"]!.AsArray(),
        subnet => Assert.Matches("^[a-z][a-z0-9-]{0,78}[a-z0-9]$", subnet!["name"]!.GetValue<string>()));

    [Fact, Trait("PSRule", "Azure.Resource.AllowedRegions")]
    public void All_of_it_lies_in_the_region_that_was_given() => Assert.All(deployments.All, deployment => Assert.All(
        deployment.Resources.Where(resource => resource["location"] is not null),
        resource => Assert.Contains(resource.Text("location"), (string[])["global", deployment == deployments.Azd ? "westeurope" : "germanywestcentral"])));
}
