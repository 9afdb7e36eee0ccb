using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Protections;

public sealed class NetworkTests(Deployments deployments)
{
    private const string Endpoint = "Microsoft.Network/privateEndpoints";

    private IEnumerable<Resource> Subnets => Assert.Single(deployments.Prod.All("Microsoft.Network/virtualNetworks"))["properties.subnets"]!.AsArray().Select(subnet => new Resource(subnet!));

    [Fact]
    public void Production_is_private() => Assert.True(deployments.Prod.IsPrivate);

    [Fact]
    public void A_deployment_that_is_not_private_pays_for_no_network() =>
        Assert.DoesNotContain(deployments.Dev.Resources, resource => resource.Type.StartsWith("Microsoft.Network/", StringComparison.Ordinal));

    [Fact]
    public void The_app_calls_out_through_the_network()
    {
        Assert.Contains("appSubnetId", deployments.Prod.TheApp.Text("properties.virtualNetworkSubnetId"), StringComparison.Ordinal);
        Assert.Equal("Microsoft.App/environments", Subnet("app").Text("properties.delegations.0.properties.serviceName"));
    }

    [Fact]
    public void Every_store_in_use_has_a_private_endpoint()
    {
        string[] expected =
        [
            $"{deployments.Prod.HostStorage.Id} blob",
            $"{deployments.Prod.HostStorage.Id} table",
            $"{deployments.Prod.StateStorage.Id} table",
            $"{deployments.Prod.AuditStorage.Id} table",
            .. deployments.Prod.All("Microsoft.KeyVault/vaults").Select(vault => $"{vault.Id} vault"),
        ];

        Assert.Equal(expected.Order(), deployments.Prod.All(Endpoint).Select(Target).Order());
    }

    [Fact]
    public void Every_private_endpoint_is_found_by_the_stores_own_name()
    {
        Assert.All(deployments.Prod.All(Endpoint), endpoint => Assert.Contains(
            deployments.Prod.All($"{Endpoint}/privateDnsZoneGroups"),
            group => group.Name == $"{endpoint.Name}/default"));
        Assert.Equal(
            deployments.Prod.All("Microsoft.Network/privateDnsZones").Count,
            deployments.Prod.All("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count);
    }

    [Fact, Trait("PSRule", "Azure.VNET.UseNSGs")]
    public void Every_subnet_has_rules() => Assert.All(Subnets, subnet => Assert.NotNull(subnet.Text("properties.networkSecurityGroup.id")));

    [Fact]
    public void Only_the_app_reaches_the_private_endpoints()
    {
        var rules = Rules("endpoints");

        Assert.Equal("Enabled", Subnet("endpoints").Text("properties.privateEndpointNetworkPolicies"));
        Assert.Equal(Subnet("app").Text("properties.addressPrefix"), Assert.Single(rules, rule => rule.Text("properties.access") == "Allow").Text("properties.sourceAddressPrefix"));
        Assert.Contains(rules, rule => rule.Text("properties.access") == "Deny" && rule.Text("properties.direction") == "Inbound" && rule.Text("properties.sourceAddressPrefix") == "*");
    }

    [Fact, Trait("PSRule", "Azure.NSG.LateralTraversal")]
    public void Nobody_goes_on_from_the_app_to_a_machine() => Assert.Contains(Rules("app"), rule =>
        rule.Text("properties.access") == "Deny"
        && rule.Text("properties.direction") == "Outbound"
        && rule.Texts("properties.destinationPortRanges") is var ports && ports.Contains("22") && ports.Contains("3389"));

    [Fact, Trait("PSRule", "Azure.VNET.PrivateSubnet")]
    public void The_only_way_out_is_the_one_address_that_finx_may_be_told()
    {
        Assert.All(Subnets, subnet => Assert.False(subnet.Flag("properties.defaultOutboundAccess")));
        Assert.Equal(Assert.Single(deployments.Prod.All("Microsoft.Network/natGateways")).Id, Subnet("app").Text("properties.natGateway.id"));
        Assert.Equal("Static", Assert.Single(deployments.Prod.All("Microsoft.Network/publicIPAddresses")).Text("properties.publicIPAllocationMethod"));
    }

    private Resource Subnet(string name) => Assert.Single(Subnets, subnet => subnet.Text("name") == name);

    private IReadOnlyList<Resource> Rules(string subnet)
    {
        var group = Assert.Single(deployments.Prod.All("Microsoft.Network/networkSecurityGroups"), group => group.Id == Subnet(subnet).Text("properties.networkSecurityGroup.id"));
        return [.. group["properties.securityRules"]!.AsArray().Select(rule => new Resource(rule!))];
    }

    private static string Target(Resource endpoint)
    {
        const string Connection = "properties.privateLinkServiceConnections.0.properties";
        return $"{endpoint.Text($"{Connection}.privateLinkServiceId")} {Assert.Single(endpoint.Texts($"{Connection}.groupIds"))}";
    }
}
