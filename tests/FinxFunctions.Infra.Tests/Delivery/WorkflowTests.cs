using System.Text.RegularExpressions;
using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Delivery;

public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows => [.. Directory.EnumerateFiles(Repository.PathOf(".github", "workflows"), "*.yml").Select(file => Path.GetFileName(file)!)];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void An_action_is_the_commit_that_was_looked_at(string workflow) => Assert.All(
        SourceText.Matches(@"uses: (.+)$", Read(workflow)),
        use => Assert.Matches(@"^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", use));

    [Theory]
    [MemberData(nameof(Workflows))]
    public void What_a_job_is_not_given_it_may_not_do(string workflow)
    {
        Assert.Matches(@"(?m)^permissions: \{\}$", Read(workflow));
        Assert.DoesNotContain("pull_request_target", Read(workflow), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ci.yml", "ci: contents: read")]
    [InlineData("codeql.yml", "analyze: actions: read, contents: read, security-events: write")]
    [InlineData("deploy.yml", "what-if: contents: read, id-token: write, pull-requests: write", "package: actions: read, contents: read", "deploy: actions: read, contents: read, id-token: write")]
    public void A_job_is_given_what_it_needs(string workflow, params string[] permissions) => Assert.Equal(permissions, Jobs(workflow).Select(job =>
        $"{SourceText.Matches(@"^  ([\w-]+):$", job)[0]}: {string.Join(", ", SourceText.Matches(@"(?<=^    permissions:\n(?:      .+\n)*)      (.+)$", job))}"));

    [Fact]
    public void Continuous_integration_does_what_everybody_does_and_builds_the_worker()
    {
        Assert.Contains("        run: .ci/run\n", Read("ci.yml"), StringComparison.Ordinal);
        Assert.Contains("      WorkerFeed: required\n", Read("ci.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pull_request_is_told_what_it_would_change_by_an_identity_of_its_own()
    {
        var job = Jobs("deploy.yml").Single(job => job.StartsWith("  what-if:", StringComparison.Ordinal));

        Assert.Contains("    if: github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository\n", job, StringComparison.Ordinal);
        Assert.Contains("    environment: plan\n", job, StringComparison.Ordinal);
        Assert.Contains("az deployment sub what-if ", job, StringComparison.Ordinal);
        Assert.Contains("gh pr comment ", job, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void No_job_runs_for_ever(string workflow) => Assert.All(Jobs(workflow), job => Assert.Matches(@"(?m)^    timeout-minutes: \d+$", job));

    [Theory]
    [MemberData(nameof(Workflows))]
    public void No_text_of_others_becomes_a_command(string workflow) =>
        Assert.DoesNotContain("${{", Scripts(Read(workflow)), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_checkout_leaves_no_credentials_behind(string workflow) => Assert.Equal(
        Regex.Count(Read(workflow), "uses: actions/checkout@"),
        Regex.Count(Read(workflow), "persist-credentials: false"));

    [Fact]
    public void Deployment_signs_in_without_a_secret()
    {
        Assert.DoesNotContain("secrets.", Read("deploy.yml"), StringComparison.Ordinal);
        Assert.Contains("id-token: write", Read("deploy.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_deployed_is_looked_at_and_taken_back_if_it_fails()
    {
        var steps = SourceText.Matches(@"^      - name: (.+)$", Jobs("deploy.yml").Single(job => job.StartsWith("  deploy:", StringComparison.Ordinal)));

        Assert.Equal(["Get this package and the former one", "Deploy the infrastructure", "Deploy the package", "Is it there, and closed to strangers?", "Take it back"], steps);
        Assert.Matches(@"(?s)- name: Is it there, and closed to strangers\?\n        run: infra/smoke ""\$FUNCTION_APP_ADDRESS""\n      - name: Take it back\n        if: failure\(\) && .*--src former/package\.zip\n          infra/smoke ", Read("deploy.yml"));
    }

    [Fact]
    public void The_package_takes_the_hidden_folder_along_without_which_the_host_finds_no_function() =>
        Assert.Contains("zip --quiet --recurse-paths ../package.zip .\n", Read("deploy.yml"), StringComparison.Ordinal);

    [Fact]
    public void The_workflow_deploys_with_the_compiler_that_the_tests_use() =>
        Assert.Contains($"BICEP: v{Repository.Metadata("BicepVersion")}", Read("deploy.yml"), StringComparison.Ordinal);

    private static string Read(string workflow) => Repository.Read(".github", "workflows", workflow);

    private static IReadOnlyList<string> Jobs(string workflow) => Job().Split(Read(workflow).Split("\njobs:\n")[1]) is { Length: > 1 } parts ? parts[1..] : [];

    /// <summary>The lines of every <c>run</c>.</summary>
    private static string Scripts(string workflow) => string.Join('\n', Script().Matches(workflow).Select(match => match.Value));

    [GeneratedRegex(@"^(?=  [\w-]+:$)", RegexOptions.Multiline)]
    private static partial Regex Job();

    [GeneratedRegex(@"^ +run: \|\n(?: {10}.*\n| *\n)+|^ +run: [^|].*$", RegexOptions.Multiline)]
    private static partial Regex Script();
}
