using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Delivery;

[Collection("infra/README.md")]
public sealed class ReadmeTests
{
    private static string Readme => Repository.Read("infra", "README.md");

    [Fact]
    public void The_readme_tells_every_parameter_and_no_other()
    {
        var table = Readme.Split("## Parameters")[1].Split("## Callers")[0];
        var told = SourceText.Matches(@"^\| (`[^|]+) \|", table).SelectMany(names => SourceText.Matches(@"`(\w+)`", names));

        Assert.Equal(SourceText.Matches(@"^param (\w+)", Repository.Read("infra", "main.bicep")).Order(), told.Order());
    }

    [Fact]
    public void The_readme_tells_every_variable_that_azd_reads_and_no_other()
    {
        var told = SourceText.Matches(@"^\| `[^|]+ \| (`[^|]+) \|", Readme.Split("## Parameters")[1].Split("## Callers")[0]).SelectMany(cell => SourceText.Matches("`([A-Z_]+)`", cell));

        Assert.Equal(SourceText.Matches(@"readEnvironmentVariable\('(\w+)'", Repository.Read("infra", "main.bicepparam")).Order(), told.Order());
    }

    [Fact]
    public void The_workflow_gives_every_variable_that_an_environment_reads()
    {
        var workflow = Repository.Read(".github", "workflows", "deploy.yml");
        var read = SourceText.Matches(@"readEnvironmentVariable\('(\w+)'", Repository.Read("infra", "dev.bicepparam") + Repository.Read("infra", "prod.bicepparam"));

        // Whoever deploys from GitHub is no person, and dev's operator is whoever runs it by hand.
        Assert.All(read.Except(["AZURE_PRINCIPAL_ID"]), variable => Assert.Contains($"          {variable}: ", workflow, StringComparison.Ordinal));
    }

    [Fact]
    public void The_readme_leads_to_every_runbook() => Assert.All(
        Directory.EnumerateFiles(Repository.PathOf("infra", "runbooks")),
        file => Assert.Contains($"(runbooks/{Path.GetFileName(file)})", Readme, StringComparison.Ordinal));
}
