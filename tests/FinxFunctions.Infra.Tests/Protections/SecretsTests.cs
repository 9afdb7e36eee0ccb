using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Protections;

public sealed class SecretsTests(Deployments deployments)
{
    private static readonly string[] Telling = ["secret", "password", "accountkey", "sharedaccess", "sig=", "token="];

    [Fact]
    public void No_template_asks_azure_for_a_key() => Assert.All(
        Directory.EnumerateFiles(Repository.PathOf("infra"), "*.bicep"),
        file => Assert.DoesNotMatch(@"list\w*\(|\.getSecret\(", File.ReadAllText(file)));

    [Fact, Trait("PSRule", "Azure.Deployment.SecureParameter"), Trait("PSRule", "Azure.Deployment.SecureValue"), Trait("PSRule", "Azure.Deployment.SecretLeak"), Trait("PSRule", "Azure.Deployment.OuterSecret")]
    public void No_parameter_is_a_secret() => Assert.All(
        Directory.EnumerateFiles(Repository.PathOf("infra"), "*.bicep"),
        file => Assert.DoesNotMatch(@"@secure|(?i)^param\s+\w*(secret|password|key)\b", File.ReadAllText(file)));

    [Fact]
    public void No_setting_is_a_secret() => Assert.All(deployments.All, deployment => Assert.All(
        AppSettings.Of(deployment).Where(setting => setting.Key is not "Finx__ClientSecret"),
        setting => Assert.DoesNotContain(Telling, word => setting.Value.Contains(word, StringComparison.OrdinalIgnoreCase))));

    [Fact]
    public void The_one_connection_string_admits_nobody() => Assert.All(deployments.All, deployment =>
    {
        var connectionStrings = AppSettings.Of(deployment).Where(setting => setting.Key.Contains("CONNECTION", StringComparison.OrdinalIgnoreCase));

        Assert.Equal("APPLICATIONINSIGHTS_CONNECTION_STRING", Assert.Single(connectionStrings).Key);
        Assert.All(deployment.All("Microsoft.Insights/components"), insights => Assert.True(insights.Flag("properties.DisableLocalAuth")));
    });

    [Fact, Trait("PSRule", "Azure.Deployment.OutputSecretValue")]
    public void Outputs_are_names_and_addresses() => Assert.Equal(
        ["AZURE_RESOURCE_GROUP", "FUNCTION_APP", "FUNCTION_APP_ADDRESS", "CALLBACK_ADDRESS", "SETTINGS_VAULT", "OUTBOUND_ADDRESS"],
        SourceText.Matches(@"^output (\w+)", Repository.Read("infra", "main.bicep")));

    [Fact]
    public void Nothing_depends_on_when_it_is_deployed() => Assert.All(
        Directory.EnumerateFiles(Repository.PathOf("infra"), "*.bicep*"),
        file => Assert.DoesNotMatch(@"utcNow\(|newGuid\(|deployment\(\)\.name", File.ReadAllText(file)));

    [Fact, Trait("PSRule", "Azure.Resource.UseTags"), Trait("PSRule", "Azure.Resource.RequiredTags"), Trait("PSRule", "Azure.Group.RequiredTags")]
    public void Whatever_can_carry_tags_says_what_it_belongs_to() => Assert.All(
        deployments.All.SelectMany(deployment => deployment.Resources).Where(resource => resource["location"] is not null),
        resource =>
        {
            Assert.Equal("finxfunctions", resource.Text("tags.application"));
            Assert.NotNull(resource.Text("tags.azd-env-name"));
        });

    [Fact]
    public void No_module_comes_from_a_registry() => Assert.All(
        Directory.EnumerateFiles(Repository.PathOf("infra"), "*.bicep"),
        file => Assert.DoesNotMatch(@"'(br|ts)[:/]", File.ReadAllText(file)));
}
