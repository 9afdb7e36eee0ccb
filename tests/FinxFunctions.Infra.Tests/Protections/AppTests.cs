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
    public void The_plan_is_flex_consumption() =>
        Assert.All(deployments.Everywhere("Microsoft.Web/serverfarms"), plan => Assert.Equal("FC1", plan.Text("sku.name")));

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
    public void In_production_callers_and_the_timer_always_find_an_instance()
    {
        var waiting = deployments.Prod.TheApp["properties.functionAppConfig.scaleAndConcurrency.alwaysReady"]!.AsArray()
            .ToDictionary(group => group!["name"]!.GetValue<string>(), group => group!["instanceCount"]!.GetValue<int>());

        Assert.True(waiting["http"] >= 1);
        Assert.True(waiting["function:RotateRefreshTokens"] >= 1);
        Assert.Contains("[TimerTrigger(", Repository.Read("src", "FinxFunctions", "Functions", "RotateRefreshTokens.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void In_production_the_app_outlives_a_zone() =>
        Assert.All(deployments.Prod.All("Microsoft.Web/serverfarms"), plan => Assert.True(plan.Flag("properties.zoneRedundant")));

    [Fact]
    public void The_smallest_deployment_costs_nothing_while_nobody_calls() =>
        Assert.Empty(deployments.Dev.TheApp["properties.functionAppConfig.scaleAndConcurrency.alwaysReady"]!.AsArray());

    [Theory]
    [InlineData("FUNCTIONS_EXTENSION_VERSION")]
    [InlineData("FUNCTIONS_WORKER_RUNTIME")]
    [InlineData("WEBSITE_RUN_FROM_PACKAGE")]
    [InlineData("WEBSITE_CONTENTAZUREFILECONNECTIONSTRING")]
    [InlineData("WEBSITE_CONTENTSHARE")]
    public void Nothing_is_set_that_flex_consumption_refuses(string setting) =>
        Assert.All(deployments.All, deployment => Assert.DoesNotContain(setting, AppSettings.Of(deployment).Keys));
}
