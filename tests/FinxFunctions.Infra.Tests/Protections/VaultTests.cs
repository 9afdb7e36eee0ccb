using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Protections;

public sealed class VaultTests(Deployments deployments)
{
    private const string Vault = "Microsoft.KeyVault/vaults";

    [Fact, Trait("PSRule", "Azure.KeyVault.RBAC"), Trait("PSRule", "Azure.KeyVault.AccessPolicy")]
    public void Vaults_heed_roles_and_no_access_policies() =>
        Assert.All(deployments.Everywhere(Vault), vault =>
        {
            Assert.True(vault.Flag("properties.enableRbacAuthorization"));
            Assert.Null(vault["properties.accessPolicies"]);
        });

    [Fact, Trait("PSRule", "Azure.KeyVault.PurgeProtect")]
    public void Nobody_can_purge_a_secret_before_its_time() =>
        Assert.All(deployments.Everywhere(Vault), vault => Assert.True(vault.Flag("properties.enablePurgeProtection")));

    [Fact, Trait("PSRule", "Azure.KeyVault.SoftDelete")]
    public void A_deleted_secret_can_be_brought_back_for_90_days() =>
        Assert.All(deployments.Everywhere(Vault), vault =>
        {
            Assert.True(vault.Flag("properties.enableSoftDelete"));
            Assert.Equal(90, vault.Number("properties.softDeleteRetentionInDays"));
        });

    [Fact, Trait("PSRule", "Azure.KeyVault.Logs")]
    public void Every_use_of_every_vault_is_on_record() => Assert.All(deployments.All, deployment => Assert.All(
        deployment.All(Vault),
        vault => Assert.Contains(
            deployment.All("Microsoft.Insights/diagnosticSettings"),
            setting => setting.Id.StartsWith($"{vault.Id}/", StringComparison.Ordinal)
                && setting.Text("properties.logs.0.categoryGroup") == "audit"
                && setting.Flag("properties.logs.0.enabled") == true
                && setting.Text("properties.workspaceId") == Assert.Single(deployment.All("Microsoft.OperationalInsights/workspaces")).Id)));

    [Fact]
    public void A_vault_trusts_its_own_tenant_only() =>
        Assert.All(deployments.Everywhere(Vault), vault => Assert.Equal(Deployments.Tenant, vault.Text("properties.tenantId")));

    [Fact]
    public void Deployments_machines_and_disks_read_no_secret() =>
        Assert.All(deployments.Everywhere(Vault), vault =>
        {
            Assert.False(vault.Flag("properties.enabledForTemplateDeployment"));
            Assert.False(vault.Flag("properties.enabledForDeployment"));
            Assert.False(vault.Flag("properties.enabledForDiskEncryption"));
        });

    [Fact, Trait("PSRule", "Azure.KeyVault.Firewall")]
    public void Private_vaults_are_closed_to_the_internet_and_to_other_services() =>
        Assert.All(deployments.Prod.All(Vault), vault =>
        {
            Assert.Equal("Disabled", vault.Text("properties.publicNetworkAccess"));
            Assert.Equal("Deny", vault.Text("properties.networkAcls.defaultAction"));
            Assert.Equal("None", vault.Text("properties.networkAcls.bypass"));
        });

    [Fact]
    public void The_finx_secret_lies_in_no_token_vault() => Assert.All(deployments.All, deployment =>
    {
        var reference = AppSettings.Of(deployment)["Finx__ClientSecret"];

        Assert.Equal($"@Microsoft.KeyVault(SecretUri=https://{deployment.SettingsVault.Name}.vault.azure.net/secrets/finx-client-secret)", reference);
    });

    [Fact]
    public void Tokens_are_spread_over_all_token_vaults() => Assert.All(deployments.All, deployment =>
    {
        var addresses = AppSettings.Of(deployment).Where(setting => setting.Key.StartsWith("Vaults__Addresses__", StringComparison.Ordinal)).Select(setting => setting.Value);

        Assert.Equal(deployment.TokenVaults.Select(vault => $"https://{vault.Name}.vault.azure.net"), addresses);
    });

    [Fact]
    public void There_may_be_several_token_vaults() => Assert.True(deployments.Prod.TokenVaults.Count > 1);
}
