using System.Text.Json.Nodes;
using FinxFunctions.Authorization;
using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Protections;

public sealed class CallersTests(Deployments deployments)
{
    private const string EntraId = "properties.identityProviders.azureActiveDirectory";

    private Resource Authentication => deployments.Prod.Configuration("authsettingsV2");

    [Fact]
    public void In_production_callers_are_entra_applications()
    {
        Assert.Equal("Entra", AppSettings.Of(deployments.Prod)["Callers__Mode"]);
        Assert.True(Authentication.Flag("properties.platform.enabled"));
        Assert.True(Authentication.Flag($"{EntraId}.enabled"));
    }

    [Fact]
    public void Who_brings_no_token_is_answered_401()
    {
        Assert.True(Authentication.Flag("properties.globalValidation.requireAuthentication"));
        Assert.Equal("Return401", Authentication.Text("properties.globalValidation.unauthenticatedClientAction"));
    }

    [Fact]
    public void Only_the_callback_health_and_the_contract_are_open_to_everybody()
    {
        var functions = Repository.Sources("src", "FinxFunctions");
        var anonymous = SourceText.Matches(@"AuthorizationLevel\.Anonymous,.*Route = ""([^""]+)""", functions).Select(route => $"/api/{route}");

        Assert.Equal(anonymous.Order(), Authentication.Texts("properties.globalValidation.excludedPaths").Order());
    }

    [Fact]
    public void The_readme_tells_what_is_open_to_everybody() => Assert.Equal(
        Authentication.Texts("properties.globalValidation.excludedPaths").Order(),
        SourceText.Matches("`(/api/[^`]+)`", SourceText.Matches(@"^(.* ask for nothing\.)$", Repository.Read("infra", "README.md"))[0]).Order());

    [Fact]
    public void Only_named_applications_may_call() =>
        Assert.Equal(Deployments.Applications, Authentication.Texts($"{EntraId}.validation.defaultAuthorizationPolicy.allowedApplications"));

    [Fact]
    public void A_list_of_no_applications_which_would_admit_all_is_refused() => Assert.Matches(
        @"@minLength\(1\)\s+allowedApplications: string\[\]",
        Repository.Read("infra", "types.bicep"));

    [Fact]
    public void Only_tokens_made_for_this_api_count()
    {
        var clientId = Authentication.Text($"{EntraId}.registration.clientId")!;

        Assert.Equal([clientId, $"api://{clientId}"], Authentication.Texts($"{EntraId}.validation.allowedAudiences"));
    }

    [Fact]
    public void Only_the_own_tenant_issues_tokens()
    {
        Assert.Equal($"[format('{{0}}{{1}}/v2.0', environment().authentication.loginEndpoint, '{Deployments.Tenant}')]", Authentication.Text($"{EntraId}.registration.openIdIssuer"));
        Assert.Equal(Deployments.Tenant, AppSettings.Of(deployments.Prod)["WEBSITE_AUTH_AAD_ALLOWED_TENANTS"]);
        Assert.Equal("true", AppSettings.Of(deployments.Prod)["WEBSITE_AUTH_AAD_REQUIRE_CLIENT_SERVICE_PRINCIPAL"]);
    }

    [Fact]
    public void The_platform_stores_no_callers_token() => Assert.False(Authentication.Flag("properties.login.tokenStore.enabled"));

    [Fact]
    public void Callers_sign_in_over_https_only() => Assert.True(Authentication.Flag("properties.httpSettings.requireHttps"));

    [Fact]
    public void With_function_keys_nothing_stands_in_front()
    {
        Assert.Equal("FunctionKeys", AppSettings.Of(deployments.Dev)["Callers__Mode"]);
        Assert.False(deployments.Dev.Configuration("authsettingsV2").Flag("properties.platform.enabled"));
    }

    [Fact]
    public void The_registrations_roles_are_the_ones_the_app_asks_for()
    {
        var roles = JsonNode.Parse(Repository.Read("infra", "app-roles.json"))!.AsArray().Select(role => role!["value"]!.GetValue<string>());

        Assert.Equal(typeof(CallerRole).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(), roles.Order());
    }
}
