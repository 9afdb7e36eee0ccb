using System.Globalization;
using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Protections;

public sealed class NetworkTests(Deployments deployments)
{
    private const string Endpoint = "Microsoft.Network/privateEndpoints";
    private const string Connection = "properties.privateLinkServiceConnections.0.properties";

    /// <summary>By which zone the name of a store leads to its private endpoint.</summary>
    private static readonly Dictionary<string, string> ZoneOf = new()
    {
        ["blob"] = "'privatelink.blob.{0}', environment().suffixes.storage",
        ["table"] = "'privatelink.table.{0}', environment().suffixes.storage",
        ["vault"] = "'privatelink{0}', replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')",
    };

    private Resource Network => Assert.Single(deployments.Prod.All("Microsoft.Network/virtualNetworks"));

    private IEnumerable<Resource> Subnets => Network["properties.subnets"]!.AsArray().Select(subnet => new Resource(subnet!));

    private Resource OutboundAddress => Assert.Single(deployments.Prod.All("Microsoft.Network/publicIPAddresses"));

    [Fact]
    public void Production_is_private() => Assert.True(deployments.Prod.IsPrivate);

    [Fact]
    public void The_networks_addresses_are_the_ones_that_were_given() => Assert.Equal(["10.90.0.0/24"], Network.Texts("properties.addressSpace.addressPrefixes"));

    [Fact]
    public void A_deployment_that_is_not_private_pays_for_no_network() =>
        Assert.DoesNotContain(deployments.Dev.Resources, resource => resource.Type.StartsWith("Microsoft.Network/", StringComparison.Ordinal));

    [Fact]
    public void The_app_calls_out_through_the_network()
    {
        Assert.Matches(FromNetwork("appSubnetId"), deployments.Prod.TheApp.Text("properties.virtualNetworkSubnetId"));
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
    public void Private_endpoints_lie_in_their_own_subnet() => Assert.All(
        deployments.Prod.All(Endpoint),
        endpoint => Assert.Matches(FromNetwork("endpointSubnetId"), endpoint.Text("properties.subnet.id")));

    [Fact]
    public void Every_private_endpoint_is_found_by_the_stores_own_name()
    {
        var zones = deployments.Prod.All("Microsoft.Network/privateDnsZones");

        Assert.All(deployments.Prod.All(Endpoint), endpoint =>
        {
            var group = Assert.Single(deployments.Prod.All($"{Endpoint}/privateDnsZoneGroups"), group => group.Name == $"{endpoint.Name}/default");
            var zone = Assert.Single(zones, zone => zone.Id == group.Text("properties.privateDnsZoneConfigs.0.properties.privateDnsZoneId"));
            Assert.Contains(ZoneOf[Assert.Single(endpoint.Texts($"{Connection}.groupIds"))], zone.Name, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_network_asks_the_private_zones_and_registers_nothing_in_them()
    {
        var links = deployments.Prod.All("Microsoft.Network/privateDnsZones/virtualNetworkLinks");

        Assert.All(ZoneOf.Values, zone => Assert.Single(links, link => link.Name.Contains(zone, StringComparison.Ordinal)));
        Assert.All(links, link =>
        {
            Assert.Matches(FromNetwork("networkId"), link.Text("properties.virtualNetwork.id"));
            Assert.False(link.Flag("properties.registrationEnabled"));
        });
    }

    [Fact, Trait("PSRule", "Azure.VNET.LocalDNS"), Trait("PSRule", "Azure.VNET.SingleDNS")]
    public void Names_are_resolved_by_azures_own_dns() => Assert.Null(Network["properties.dhcpOptions"]);

    [Fact, Trait("PSRule", "Azure.VNET.UseNSGs"), Trait("PSRule", "Azure.NSG.Associated")]
    public void Every_subnet_has_rules_of_its_own() => Assert.Equal(
        deployments.Prod.All("Microsoft.Network/networkSecurityGroups").Select(group => group.Id).Order(),
        Subnets.Select(subnet => subnet.Text("properties.networkSecurityGroup.id")).Order());

    [Fact, Trait("PSRule", "Azure.NSG.AnyInboundSource"), Trait("PSRule", "Azure.NSG.DenyAllInbound")]
    public void Only_the_app_reaches_the_private_endpoints()
    {
        var (app, endpoints) = (Subnet("app").Text("properties.addressPrefix"), Subnet("endpoints").Text("properties.addressPrefix"));

        Assert.Equal(("10.90.0.0/26", "10.90.0.64/26"), (app, endpoints));
        Assert.Equal("Enabled", Subnet("endpoints").Text("properties.privateEndpointNetworkPolicies"));
        Assert.Equal([$"100 Allow Inbound Tcp {app}:* {endpoints}:443", "4096 Deny Inbound * *:* *:*"], Rules("endpoints"));
    }

    [Fact, Trait("PSRule", "Azure.NSG.LateralTraversal")]
    public void Nobody_goes_on_from_the_app_to_a_machine() => Assert.Equal(["100 Deny Outbound Tcp *:* *:22,3389,5985-5986"], Rules("app"));

    [Fact, Trait("PSRule", "Azure.VNET.PrivateSubnet"), Trait("PSRule", "Azure.PublicIP.IsAttached")]
    public void The_only_way_out_is_the_one_address_that_finx_may_be_told()
    {
        var gateway = Assert.Single(deployments.Prod.All("Microsoft.Network/natGateways"));
        var addresses = gateway["properties.publicIpAddresses"]!.AsArray().Select(address => address!["id"]?.GetValue<string>());

        Assert.All(Subnets, subnet => Assert.False(subnet.Flag("properties.defaultOutboundAccess")));
        Assert.Equal(gateway.Id, Subnet("app").Text("properties.natGateway.id"));
        Assert.Equal([OutboundAddress.Id], addresses);
        Assert.Equal("Static", OutboundAddress.Text("properties.publicIPAllocationMethod"));
    }

    [Fact, Trait("PSRule", "Azure.PublicIP.StandardSKU"), Trait("PSRule", "Azure.PublicIP.MigrateStandard")]
    public void The_address_and_its_gateway_admit_nobody_in() =>
        Assert.All([OutboundAddress, Assert.Single(deployments.Prod.All("Microsoft.Network/natGateways"))], resource => Assert.Equal("Standard", resource.Text("sku.name")));

    [Fact, Trait("PSRule", "Azure.PublicIP.AvailabilityZone")]
    public void In_production_the_address_outlives_a_zone() => Assert.Equal(["1", "2", "3"], OutboundAddress.Texts("zones"));

    /// <summary>An output of the module that makes the network, of which only Azure knows the value.</summary>
    private static string FromNetwork(string output) => $@"^\[reference\(resourceId\(.*, format\('network-\{{0\}}', .*\)\.outputs\.{output}\.value\]$";

    private Resource Subnet(string name) => Assert.Single(Subnets, subnet => subnet.Text("name") == name);

    /// <summary>A subnet's rules, as "priority access direction protocol source:port destination:port".</summary>
    private IEnumerable<string> Rules(string subnet)
    {
        var group = Assert.Single(deployments.Prod.All("Microsoft.Network/networkSecurityGroups"), group => group.Id == Subnet(subnet).Text("properties.networkSecurityGroup.id"));
        return group["properties.securityRules"]!.AsArray().Select(rule => new Resource(rule!["properties"]!)).Select(rule => string.Create(
            CultureInfo.InvariantCulture,
            $"{rule.Number("priority")} {rule.Text("access")} {rule.Text("direction")} {rule.Text("protocol")} {rule.Text("sourceAddressPrefix")}:{rule.Text("sourcePortRange")} {rule.Text("destinationAddressPrefix")}:{rule.Text("destinationPortRange") ?? string.Join(',', rule.Texts("destinationPortRanges"))}"));
    }

    private static string Target(Resource endpoint) => $"{endpoint.Text($"{Connection}.privateLinkServiceId")} {Assert.Single(endpoint.Texts($"{Connection}.groupIds"))}";
}
