using System.Reflection;
using FinxFunctions.Infra.Tests.Templates;
using Xunit.v3;

namespace FinxFunctions.Infra.Tests.Protections;

/// <summary>PSRule for Azure: each rule for what the template deploys is the trait of a test here, or is named in infra/README.md with why it is not held.</summary>
[Collection("infra/README.md")]
public sealed class RuleTests
{
    /// <summary>Of baseline Azure.GA_2026_03 (module 1.48.0), the rules for types of resources that are deployed here, and for templates, groups and rights.</summary>
    public static TheoryData<string> Rules =>
    [
        .. (string[])
        [
            .. Family("Alert", "HighFrequencyQuery", "MetricAutoMitigate"),
            .. Family("AppInsights", "LocalAuth", "Name", "Naming", "Workspace"),
            .. Family("AppService", "AlwaysOn", "ARRAffinity", "AvailabilityZone", "HTTP2", "ManagedIdentity", "MinPlan", "MinTLS", "NETVersion", "NodeJsVersion", "PHPVersion", "PlanInstanceCount", "RemoteDebug", "UseHTTPS", "WebProbe", "WebProbePath", "WebSecureFtp"),
            .. Family("Deployment", "AdminUsername", "Name", "OuterSecret", "OutputSecretValue", "SecretLeak", "SecureParameter", "SecureValue"),
            .. Family("Group", "Name", "Naming", "RequiredTags"),
            .. Family("Identity", "UserAssignedName"),
            .. Family("KeyVault", "AccessPolicy", "AutoRotationPolicy", "Firewall", "KeyName", "Logs", "Name", "PurgeProtect", "RBAC", "SecretName", "SoftDelete"),
            .. Family("Log", "Name", "Naming", "ReplicaLocation", "Replication"),
            .. Family("Monitor", "ServiceHealth"),
            .. Family("NSG", "AnyInboundSource", "Associated", "DenyAllInbound", "LateralTraversal", "Name", "Naming"),
            .. Family("PrivateEndpoint", "Name"),
            .. Family("PublicIP", "AvailabilityZone", "DNSLabel", "IsAttached", "MigrateStandard", "Name", "Naming", "StandardSKU"),
            .. Family("RBAC", "CoAdministrator", "LimitMGDelegation", "LimitOwner", "PIM", "UseGroups", "UseRGDelegation"),
            .. Family("Resource", "AllowedRegions", "RequiredTags", "UseTags"),
            .. Family("Storage", "BlobAccessType", "BlobPublicAccess", "ContainerSoftDelete", "Defender.MalwareScan", "DefenderCloud", "FileShareSoftDelete", "Firewall", "LocalAuth", "MinTLS", "Name", "Naming", "SecureTransfer", "SoftDelete", "UseReplication"),
            .. Family("VNET", "BastionSubnet", "FirewallSubnet", "FirewallSubnetNAT", "LocalDNS", "Name", "Naming", "PeerState", "PrivateSubnet", "SingleDNS", "SubnetName", "SubnetNaming", "UseNSGs"),
        ],
    ];

    /// <summary>The rules that a test names.</summary>
    private static HashSet<string> Held { get; } =
    [
        .. typeof(RuleTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<TraitAttribute>())
            .SelectMany(trait => ((ITraitAttribute)trait).GetTraits())
            .Where(trait => trait.Key == "PSRule")
            .Select(trait => trait.Value),
    ];

    /// <summary>The rules that the README tells of.</summary>
    private static IReadOnlyList<string> Told => [.. SourceText.Matches(@"`([A-Z][A-Za-z]+\.[A-Za-z0-9.]+)`", Section).Select(rule => $"Azure.{rule}")];

    private static string Section => SourceText.Matches(@"(?s)^Rules that no test holds.*?\n\n((?:- .*\n)+)", Repository.Read("infra", "README.md"))[0];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_is_held_by_a_test_or_the_readme_says_why_not(string rule) => Assert.True(Held.Contains(rule) ^ Told.Contains(rule), $"{rule} is held by a test: {Held.Contains(rule)}; told of in the README: {Told.Contains(rule)}.");

    [Fact]
    public void Nothing_is_held_or_told_of_that_is_no_rule() => Assert.Empty(Held.Concat(Told).Except(Rules.Select(rule => rule.Data)));

    private static IEnumerable<string> Family(string family, params string[] rules) => rules.Select(rule => $"Azure.{family}.{rule}");
}
