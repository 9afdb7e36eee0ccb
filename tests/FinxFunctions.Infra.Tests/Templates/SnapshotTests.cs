using System.Text.Json.Nodes;

namespace FinxFunctions.Infra.Tests.Templates;

public sealed class SnapshotTests(Deployments deployments)
{
    [Theory]
    [InlineData("dev")]
    [InlineData("prod")]
    [InlineData("main")]
    public void What_is_deployed_is_what_was_committed(string name)
    {
        var deployment = Assert.Single(deployments.All, deployment => deployment.Name == name);
        if (Repository.IsAccepting)
        {
            File.WriteAllText(Repository.PathOf("infra", $"{name}.snapshot.json"), deployment.Text);
        }

        var committed = Repository.Read("infra", $"{name}.snapshot.json");

        // The order of an object's members is the tool's whim.
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(committed), JsonNode.Parse(deployment.Text)), $"infra/{name}.snapshot.json is not what {name}.bicepparam deploys. Run the tests with FINX_ACCEPT=1 and look at the difference.");
    }

    [Fact]
    public void The_linter_has_nothing_to_say() =>
        Assert.Equal("", BicepCli.Run(new Dictionary<string, string>(), "lint", Repository.PathOf("infra", "main.bicep")).Trim());

    [Fact]
    public void Names_differ_between_environments() =>
        Assert.Empty(deployments.Dev.Resources.Select(resource => resource.Id).Intersect(deployments.Prod.Resources.Select(resource => resource.Id)));
}
