using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Protections;

public sealed class StorageTests(Deployments deployments)
{
    private const string Account = "Microsoft.Storage/storageAccounts";

    /// <summary>The blob service of every account; null where the template leaves it as Azure makes it.</summary>
    private IEnumerable<Resource?> BlobServices => deployments.All.SelectMany(deployment => deployment.All(Account)
        .Select(account => deployment.All($"{Account}/blobServices").SingleOrDefault(blobs => blobs.Name == $"{account.Name}/default")));

    [Fact, Trait("PSRule", "Azure.Storage.LocalAuth")]
    public void No_key_opens_a_storage_account() =>
        Assert.All(deployments.Everywhere(Account), account => Assert.False(account.Flag("properties.allowSharedKeyAccess")));

    [Fact]
    public void The_portal_signs_in_to_storage_by_identity_too() =>
        Assert.All(deployments.Everywhere(Account), account => Assert.True(account.Flag("properties.defaultToOAuthAuthentication")));

    [Fact, Trait("PSRule", "Azure.Storage.BlobPublicAccess")]
    public void No_blob_can_be_made_public() =>
        Assert.All(deployments.Everywhere(Account), account => Assert.False(account.Flag("properties.allowBlobPublicAccess")));

    [Fact, Trait("PSRule", "Azure.Storage.BlobAccessType")]
    public void No_container_is_public() =>
        Assert.All(deployments.Everywhere("Microsoft.Storage/storageAccounts/blobServices/containers"), container => Assert.Equal("None", container.Text("properties.publicAccess")));

    [Fact]
    public void Nothing_is_replicated_to_another_tenant() =>
        Assert.All(deployments.Everywhere(Account), account => Assert.False(account.Flag("properties.allowCrossTenantReplication")));

    [Fact, Trait("PSRule", "Azure.Storage.SecureTransfer")]
    public void Storage_speaks_https_only() =>
        Assert.All(deployments.Everywhere(Account), account => Assert.True(account.Flag("properties.supportsHttpsTrafficOnly")));

    [Fact, Trait("PSRule", "Azure.Storage.MinTLS")]
    public void Storage_speaks_tls_1_2_at_least() =>
        Assert.All(deployments.Everywhere(Account), account => Assert.Equal("TLS1_2", account.Text("properties.minimumTlsVersion")));

    [Fact, Trait("PSRule", "Azure.Storage.SoftDelete")]
    public void A_deleted_blob_can_be_brought_back() =>
        Assert.All(BlobServices, blobs =>
        {
            Assert.True(blobs?.Flag("properties.deleteRetentionPolicy.enabled"));
            Assert.InRange(blobs?.Number("properties.deleteRetentionPolicy.days") ?? 0, 7, 365);
        });

    [Fact, Trait("PSRule", "Azure.Storage.ContainerSoftDelete")]
    public void A_deleted_container_can_be_brought_back() =>
        Assert.All(BlobServices, blobs =>
        {
            Assert.True(blobs?.Flag("properties.containerDeleteRetentionPolicy.enabled"));
            Assert.InRange(blobs?.Number("properties.containerDeleteRetentionPolicy.days") ?? 0, 7, 365);
        });

    [Fact, Trait("PSRule", "Azure.Storage.Firewall")]
    public void Private_storage_is_closed_to_the_internet() =>
        Assert.All(deployments.Prod.All(Account), account =>
        {
            Assert.Equal("Disabled", account.Text("properties.publicNetworkAccess"));
            Assert.Equal("Deny", account.Text("properties.networkAcls.defaultAction"));
            Assert.Equal("None", account.Text("properties.networkAcls.bypass"));
        });

    [Fact, Trait("PSRule", "Azure.Storage.UseReplication")]
    public void In_production_state_and_records_outlive_their_region() =>
        Assert.All([deployments.Prod.StateStorage, deployments.Prod.AuditStorage], account => Assert.Equal("Standard_GZRS", account.Text("sku.name")));

    [Fact]
    public void In_production_the_host_outlives_a_zone() =>
        Assert.Equal("Standard_ZRS", deployments.Prod.HostStorage.Text("sku.name"));

    [Fact]
    public void State_lies_apart_from_the_hosts_storage() => Assert.All(deployments.All, deployment =>
    {
        Assert.All(
            deployment.All($"{Account}/tableServices/tables"),
            table => Assert.StartsWith($"{deployment.StateStorage.Name}/", table.Name, StringComparison.Ordinal));
        Assert.All(
            deployment.All($"{Account}/blobServices/containers"),
            container => Assert.StartsWith($"{deployment.HostStorage.Name}/", container.Name, StringComparison.Ordinal));
    });

    [Fact]
    public void Records_lie_apart_from_the_state() => Assert.All(deployments.All, deployment =>
        Assert.NotEqual(AppSettings.Of(deployment)["Tables__Endpoint"], AppSettings.Of(deployment)["Audit__Endpoint"]));

    [Fact]
    public void Whoever_deletes_from_the_audit_trail_is_on_record() => Assert.All(deployments.All, deployment =>
    {
        var setting = Assert.Single(deployment.All("Microsoft.Insights/diagnosticSettings"), setting => setting.Id.StartsWith($"{deployment.AuditStorage.Id}/tableServices/default/", StringComparison.Ordinal));

        Assert.Equal(("StorageDelete", true), (setting.Text("properties.logs.0.category"), setting.Flag("properties.logs.0.enabled")));
        Assert.Equal(Assert.Single(deployment.All("Microsoft.OperationalInsights/workspaces")).Id, setting.Text("properties.workspaceId"));
    });

    [Fact]
    public void The_tables_are_the_ones_the_app_uses()
    {
        var used = SourceText.Matches(@"service\.GetTableClient\(""(\w+)""\)", Repository.Read("src", "FinxFunctions", "State", "StateTables.cs"));

        Assert.All(deployments.All, deployment => Assert.Equal(
            used.Order(),
            deployment.All($"{Account}/tableServices/tables").Select(table => table.Name.Split('/')[^1]).Order()));
    }
}
