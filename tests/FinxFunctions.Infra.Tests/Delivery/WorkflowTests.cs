using System.Text.RegularExpressions;
using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Delivery;

public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows => [.. Directory.EnumerateFiles(Repository.PathOf(".github", "workflows"), "*.yml").Select(file => Path.GetFileName(file)!)];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void An_action_is_pinned_by_its_commit(string workflow) => Assert.All(
        SourceText.Matches(@"uses: (.+)$", Read(workflow)),
        use => Assert.Matches(@"^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", use));

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_job_has_no_permission_by_default(string workflow)
    {
        Assert.Matches(@"(?m)^permissions: \{\}$", Read(workflow));
        Assert.DoesNotContain("pull_request_target", Read(workflow), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ci.yml", "ci: contents: read", "core-tools: contents: read")]
    [InlineData("codeql.yml", "analyze: actions: read, contents: read, security-events: write")]
    [InlineData("deploy.yml", "what-if: contents: read, id-token: write, pull-requests: write", "package: actions: read, contents: read", "deploy: actions: read, contents: read, id-token: write")]
    public void A_job_has_the_permissions_that_it_needs(string workflow, params string[] permissions) => Assert.Equal(permissions, Jobs(workflow).Select(job =>
        $"{SourceText.Matches(@"^  ([\w-]+):$", job)[0]}: {string.Join(", ", SourceText.Matches(@"(?<=^    permissions:\n(?:      .+\n)*)      (.+)$", job))}"));

    [Fact]
    public void Continuous_integration_runs_the_command_that_everyone_runs() =>
        Assert.Contains("        run: .ci/run\n", Read("ci.yml"), StringComparison.Ordinal);

    [Fact]
    public void Continuous_integration_tests_the_app_under_one_exact_version_of_core_tools()
    {
        var job = Jobs("ci.yml").Single(job => job.StartsWith("  core-tools:", StringComparison.Ordinal));

        Assert.Matches(@"(?m)^      CORE_TOOLS: 4\.\d+\.\d+$", job);
        Assert.Contains("\"azure-functions-core-tools@$CORE_TOOLS\"\n", job, StringComparison.Ordinal);
        Assert.Contains("          func start ", job, StringComparison.Ordinal);
        Assert.Contains("          FINX_SUITE_ADDRESS: ", job, StringComparison.Ordinal);
        Assert.Contains("        run: dotnet test --no-build --project tests/FinxFunctions.Worker.Tests\n", job, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pull_request_shows_what_it_would_change_with_an_identity_of_its_own()
    {
        var job = Jobs("deploy.yml").Single(job => job.StartsWith("  what-if:", StringComparison.Ordinal));

        Assert.Contains("    if: github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository\n", job, StringComparison.Ordinal);
        Assert.Contains("    environment: plan\n", job, StringComparison.Ordinal);
        Assert.Contains("az deployment sub what-if ", job, StringComparison.Ordinal);
        Assert.Contains("gh pr comment ", job, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_job_has_a_time_limit(string workflow) => Assert.All(Jobs(workflow), job => Assert.Matches(@"(?m)^    timeout-minutes: \d+$", job));

    [Theory]
    [MemberData(nameof(Workflows))]
    public void No_expression_is_part_of_a_script(string workflow) =>
        Assert.DoesNotContain("${{", Scripts(Read(workflow)), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_checkout_stores_no_credentials(string workflow) => Assert.Equal(
        Regex.Count(Read(workflow), "uses: actions/checkout@"),
        Regex.Count(Read(workflow), "persist-credentials: false"));

    [Fact]
    public void Deployment_signs_in_without_a_secret()
    {
        Assert.DoesNotContain("secrets.", Read("deploy.yml"), StringComparison.Ordinal);
        Assert.Contains("id-token: write", Read("deploy.yml"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_deployment_is_checked_and_the_former_package_is_deployed_if_the_check_fails()
    {
        var steps = SourceText.Matches(@"^      - name: (.+)$", Jobs("deploy.yml").Single(job => job.StartsWith("  deploy:", StringComparison.Ordinal)));

        Assert.Equal(["Download this package and the former one", "Deploy the infrastructure", "Deploy the package", "Check that the app answers and refuses calls without a key", "Deploy the former package again"], steps);
        Assert.Matches(@"(?s)- name: Check that the app answers and refuses calls without a key\n        run: infra/smoke ""\$FUNCTION_APP_ADDRESS""\n      - name: Deploy the former package again\n        if: failure\(\) && .*--src former/package\.zip\n          infra/smoke ", Read("deploy.yml"));
    }

    [Fact]
    public void The_package_includes_the_hidden_folder_of_the_functions() =>
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
