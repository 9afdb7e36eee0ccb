using System.Text.RegularExpressions;
using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Delivery;

/// <summary>What <c>azd up</c> needs: azure.yaml, the parameters, the tags.</summary>
public sealed class AzdTests(Deployments deployments)
{
    private static string Yaml => Repository.Read("azure.yaml");

    [Fact]
    public void Azd_finds_the_project_and_the_template()
    {
        Assert.True(File.Exists(Path.Combine(Repository.PathOf(Value("project")), "FinxFunctions.csproj")));
        Assert.True(File.Exists(Repository.PathOf(Value("path"), $"{Value("module")}.bicep")));
        Assert.True(File.Exists(Repository.PathOf(Value("path"), $"{Value("module")}.bicepparam")));
        Assert.Equal(("bicep", "dotnet", "function"), (Value("provider"), Value("language"), Value("host")));
    }

    [Fact]
    public void Azd_finds_the_app_in_the_environments_group() => Assert.All(deployments.All, deployment =>
    {
        var group = Assert.Single(deployment.All("Microsoft.Resources/resourceGroups"));

        Assert.Equal(SourceText.Matches(@"^services:\n  (\w+):$", Yaml)[0], deployment.TheApp.Text("tags.azd-service-name"));
        Assert.Equal(deployment == deployments.Azd ? "try" : deployment.Name, group.Text("tags.azd-env-name"));
        Assert.Equal(group.Name, deployment.Outputs["AZURE_RESOURCE_GROUP"]?.GetValue<string>());
    });

    [Fact]
    public void Azd_prints_the_remaining_steps_after_provisioning_on_every_system()
    {
        Assert.Equal(2, Regex.Count(Yaml, @"az keyvault secret set --vault-name \$(?:env:)?SETTINGS_VAULT --name finx-client-secret "));
        Assert.Equal(2, Regex.Count(Yaml, @"\$(?:env:)?CALLBACK_ADDRESS"));
    }

    [Fact]
    public void What_azd_prints_after_provisioning_is_an_output() => Assert.All(
        SourceText.Matches(@"\$(?:env:)?([A-Z_]+)", Yaml),
        name => Assert.Contains(name, SourceText.Matches(@"^output (\w+)", Repository.Read("infra", "main.bicep"))));

    private static string Value(string key) => SourceText.Matches($@"^ +{key}: (\S+)$", Yaml)[0];
}
