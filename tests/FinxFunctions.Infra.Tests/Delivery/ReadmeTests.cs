using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Delivery;

[Collection("infra/README.md")]
public sealed class ReadmeTests
{
    private static string Readme => Repository.Read("infra", "README.md");

    [Fact]
    public void The_table_of_parameters_is_complete()
    {
        var table = Readme.Split("## Parameters")[1].Split("## Callers")[0];
        var documented = SourceText.Matches(@"^\| (`[^|]+) \|", table).SelectMany(names => SourceText.Matches(@"`(\w+)`", names));

        Assert.Equal(SourceText.Matches(@"^param (\w+)", Repository.Read("infra", "main.bicep")).Order(), documented.Order());
    }

    [Fact]
    public void The_table_of_azd_variables_is_complete()
    {
        var documented = SourceText.Matches(@"^\| `[^|]+ \| (`[^|]+) \|", Readme.Split("## Parameters")[1].Split("## Callers")[0]).SelectMany(cell => SourceText.Matches("`([A-Z_]+)`", cell));

        Assert.Equal(SourceText.Matches(@"readEnvironmentVariable\('(\w+)'", Repository.Read("infra", "main.bicepparam")).Order(), documented.Order());
    }

    [Fact]
    public void The_workflow_sets_every_variable_that_an_environment_reads()
    {
        var workflow = Repository.Read(".github", "workflows", "deploy.yml");
        var read = SourceText.Matches(@"readEnvironmentVariable\('(\w+)'", Repository.Read("infra", "dev.bicepparam") + Repository.Read("infra", "prod.bicepparam"));

        // The workflow is no person. The operator of dev is the person who deploys by hand.
        Assert.All(read.Except(["AZURE_PRINCIPAL_ID"]), variable => Assert.Contains($"          {variable}: ", workflow, StringComparison.Ordinal));
    }

    [Fact]
    public void The_readme_links_every_runbook() => Assert.All(
        Directory.EnumerateFiles(Repository.PathOf("infra", "runbooks")),
        file => Assert.Contains($"(runbooks/{Path.GetFileName(file)})", Readme, StringComparison.Ordinal));
}
