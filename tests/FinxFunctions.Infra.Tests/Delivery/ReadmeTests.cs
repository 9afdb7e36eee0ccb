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
    public void The_readme_tells_every_variable() => Assert.All(
        SourceText.Matches(@"readEnvironmentVariable\('(\w+)'", Repository.Read("infra", "main.bicepparam")),
        variable => Assert.Contains($"`{variable}`", Readme, StringComparison.Ordinal));

    [Fact]
    public void The_readme_leads_to_every_runbook() => Assert.All(
        Directory.EnumerateFiles(Repository.PathOf("infra", "runbooks")),
        file => Assert.Contains($"(runbooks/{Path.GetFileName(file)})", Readme, StringComparison.Ordinal));
}
