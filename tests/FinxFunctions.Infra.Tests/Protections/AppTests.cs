using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Protections;

public sealed class AppTests(Deployments deployments)
{
    private const string Site = "Microsoft.Web/sites";

    [Fact, Trait("PSRule", "Azure.AppService.UseHTTPS")]
    public void The_app_speaks_https_only() =>
        Assert.All(deployments.Everywhere(Site), app => Assert.True(app.Flag("properties.httpsOnly")));

    [Fact, Trait("PSRule", "Azure.AppService.MinTLS")]
    public void The_app_speaks_tls_1_2_at_least() =>
        Assert.All(deployments.Everywhere(Site), app => Assert.Equal("1.2", app.Text("properties.siteConfig.minTlsVersion")));

    [Fact]
    public void Deployment_speaks_tls_1_2_at_least() =>
        Assert.All(deployments.Everywhere(Site), app => Assert.Equal("1.2", app.Text("properties.siteConfig.scmMinTlsVersion")));

    [Fact, Trait("PSRule", "Azure.AppService.WebSecureFtp")]
    public void There_is_no_ftp() =>
        Assert.All(deployments.Everywhere(Site), app => Assert.Equal("Disabled", app.Text("properties.siteConfig.ftpsState")));

    [Fact, Trait("PSRule", "Azure.AppService.RemoteDebug")]
    public void Nobody_debugs_it_from_afar() =>
        Assert.All(deployments.Everywhere(Site), app => Assert.False(app.Flag("properties.siteConfig.remoteDebuggingEnabled")));

    [Fact, Trait("PSRule", "Azure.AppService.HTTP2")]
    public void The_app_speaks_http_2() =>
        Assert.All(deployments.Everywhere(Site), app => Assert.True(app.Flag("properties.siteConfig.http20Enabled")));

    [Fact, Trait("PSRule", "Azure.AppService.ARRAffinity")]
    public void No_caller_is_bound_to_an_instance() =>
        Assert.All(deployments.Everywhere(Site), app => Assert.False(app.Flag("properties.clientAffinityEnabled")));

    [Fact, Trait("PSRule", "Azure.AppService.NETVersion")]
    public void The_app_runs_on_dotnet_10_isolated() =>
        Assert.All(deployments.Everywhere(Site), app =>
        {
            Assert.Equal("dotnet-isolated", app.Text("properties.functionAppConfig.runtime.name"));
            Assert.Equal("10.0", app.Text("properties.functionAppConfig.runtime.version"));
        });

    [Fact]
    public void The_app_runs_on_a_plan_of_flex_consumption() => Assert.All(deployments.All, deployment =>
    {
        var plan = Assert.Single(deployment.All("Microsoft.Web/serverfarms"));

        Assert.Equal(("FC1", "FlexConsumption"), (plan.Text("sku.name"), plan.Text("sku.tier")));
        Assert.True(plan.Flag("properties.reserved")); // Linux
        Assert.Equal(plan.Id, deployment.TheApp.Text("properties.serverFarmId"));
    });

    [Fact, Trait("PSRule", "Azure.AppService.ManagedIdentity")]
    public void The_app_has_one_identity_that_outlives_it() => Assert.All(deployments.All, deployment =>
    {
        var identity = Assert.Single(deployment.All("Microsoft.ManagedIdentity/userAssignedIdentities"));

        Assert.Equal("UserAssigned", deployment.TheApp.Text("identity.type"));
        Assert.Equal(identity.Id, Assert.Single(deployment.TheApp["identity.userAssignedIdentities"]!.AsObject()).Key);
        Assert.Equal(identity.Id, deployment.TheApp.Text("properties.keyVaultReferenceIdentity"));
    });

    [Theory]
    [InlineData("ftp")]
    [InlineData("scm")]
    public void No_password_publishes_code(string way) => Assert.All(deployments.All, deployment => Assert.Contains(
        deployment.All("Microsoft.Web/sites/basicPublishingCredentialsPolicies"),
        policy => policy.Name.EndsWith($"/{way}", StringComparison.Ordinal) && policy.Flag("properties.allow") == false));

    [Fact]
    public void The_package_is_read_by_identity() => Assert.All(deployments.All, deployment =>
    {
        var identity = Assert.Single(deployment.All("Microsoft.ManagedIdentity/userAssignedIdentities"));

        Assert.Equal("blobContainer", deployment.TheApp.Text("properties.functionAppConfig.deployment.storage.type"));
        Assert.Equal(
            $"[format('{{0}}{{1}}', reference('{deployment.HostStorage.Id}', '2025-06-01').primaryEndpoints.blob, '{Assert.Single(deployment.All("Microsoft.Storage/storageAccounts/blobServices/containers")).Name.Split('/')[^1]}')]",
            deployment.TheApp.Text("properties.functionAppConfig.deployment.storage.value"));
        Assert.Equal("UserAssignedIdentity", deployment.TheApp.Text("properties.functionAppConfig.deployment.storage.authentication.type"));
        Assert.Equal(identity.Id, deployment.TheApp.Text("properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId"));
    });

    [Fact]
    public void The_host_reaches_its_storage_by_identity() => Assert.All(deployments.All, deployment =>
    {
        var settings = AppSettings.Of(deployment);

        Assert.Equal(deployment.HostStorage.Name, settings["AzureWebJobsStorage__accountName"]);
        Assert.Equal("managedidentity", settings["AzureWebJobsStorage__credential"]);
        Assert.Equal(settings["AZURE_CLIENT_ID"], settings["AzureWebJobsStorage__clientId"]);
        Assert.DoesNotContain("AzureWebJobsStorage", settings.Keys);
    });

    [Fact]
    public void Telemetry_is_sent_by_identity() => Assert.All(deployments.All, deployment => Assert.Equal(
        $"ClientId={AppSettings.Of(deployment)["AZURE_CLIENT_ID"]};Authorization=AAD",
        AppSettings.Of(deployment)["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]));

    [Fact]
    public void State_and_records_are_reached_by_identity() => Assert.All(deployments.All, deployment =>
    {
        Assert.Equal($"https://{deployment.StateStorage.Name}.table.core.windows.net", AppSettings.Of(deployment)["Tables__Endpoint"]);
        Assert.Equal($"https://{deployment.AuditStorage.Name}.table.core.windows.net", AppSettings.Of(deployment)["Audit__Endpoint"]);
        Assert.DoesNotContain(AppSettings.Of(deployment).Keys, name => name is "Tables__ConnectionString" or "Audit__ConnectionString");
    });

    [Fact]
    public void An_update_lets_a_rotation_that_spent_a_token_finish() =>
        Assert.All(deployments.Everywhere(Site), app => Assert.Equal("RollingUpdate", app.Text("properties.functionAppConfig.siteUpdateStrategy.type")));

    [Fact]
    public void In_production_callers_and_the_timer_always_find_an_instance_in_two_zones()
    {
        var waiting = deployments.Prod.TheApp["properties.functionAppConfig.scaleAndConcurrency.alwaysReady"]!.AsArray()
            .ToDictionary(group => group!["name"]!.GetValue<string>(), group => group!["instanceCount"]!.GetValue<int>());

        Assert.Equal(new() { ["http"] = 2, ["function:RotateRefreshTokens"] = 2 }, waiting);
        Assert.Contains("[TimerTrigger(", Repository.Read("src", "FinxFunctions", "Maintenance", "RotateRefreshTokensFunction.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_an_end_to_what_calls_can_cost() => Assert.All(deployments.All, deployment =>
    {
        var scale = new Resource(deployment.TheApp["properties.functionAppConfig.scaleAndConcurrency"]!);

        Assert.Equal(deployment == deployments.Prod ? 100 : 40, scale.Number("maximumInstanceCount"));
        Assert.Equal(2048, scale.Number("instanceMemoryMB"));
        Assert.Equal(16, scale.Number("triggers.http.perInstanceConcurrency"));
    });

    [Fact, Trait("PSRule", "Azure.AppService.AvailabilityZone")]
    public void In_production_the_app_outlives_a_zone() =>
        Assert.All(deployments.Prod.All("Microsoft.Web/serverfarms"), plan => Assert.True(plan.Flag("properties.zoneRedundant")));

    [Fact]
    public void The_smallest_deployment_costs_nothing_while_nobody_calls() =>
        Assert.Empty(deployments.Dev.TheApp["properties.functionAppConfig.scaleAndConcurrency.alwaysReady"]!.AsArray());

    /// <summary>learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations, and the time zone, of which the same page warns.</summary>
    [Theory]
    [InlineData("ENABLE_ORYX_BUILD")]
    [InlineData("FUNCTIONS_EXTENSION_VERSION")]
    [InlineData("FUNCTIONS_MAX_HTTP_CONCURRENCY")]
    [InlineData("FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED")]
    [InlineData("FUNCTIONS_WORKER_PROCESS_COUNT")]
    [InlineData("FUNCTIONS_WORKER_RUNTIME")]
    [InlineData("FUNCTIONS_WORKER_RUNTIME_VERSION")]
    [InlineData("SCM_DO_BUILD_DURING_DEPLOYMENT")]
    [InlineData("TZ")]
    [InlineData("WEBSITE_CONTENTAZUREFILECONNECTIONSTRING")]
    [InlineData("WEBSITE_CONTENTOVERVNET")]
    [InlineData("WEBSITE_CONTENTSHARE")]
    [InlineData("WEBSITE_DNS_SERVER")]
    [InlineData("WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT")]
    [InlineData("WEBSITE_NODE_DEFAULT_VERSION")]
    [InlineData("WEBSITE_RUN_FROM_PACKAGE")]
    [InlineData("WEBSITE_SKIP_CONTENTSHARE_VALIDATION")]
    [InlineData("WEBSITE_TIME_ZONE")]
    [InlineData("WEBSITE_VNET_ROUTE_ALL")]
    public void Nothing_is_set_that_flex_consumption_refuses(string setting) =>
        Assert.All(deployments.All, deployment => Assert.DoesNotContain(setting, AppSettings.Of(deployment).Keys));
}
