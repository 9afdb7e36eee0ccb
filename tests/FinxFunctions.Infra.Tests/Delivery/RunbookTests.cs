using FinxFunctions.Infra.Tests.Templates;
using FinxFunctions.Infra.Tests.Watch;

namespace FinxFunctions.Infra.Tests.Delivery;

/// <summary>Metrics, tags, log messages and secrets that runbooks, alerts and the workbook name exist under these names.</summary>
public sealed class RunbookTests
{
    private static readonly string[] Queries = [Repository.Read("infra", "alerts.bicep"), Repository.Read("infra", "workbook.json").Replace("\\\"", "\"", StringComparison.Ordinal)];

    public static TheoryData<string> Runbooks => [.. Directory.EnumerateFiles(Repository.PathOf("infra", "runbooks"), "*.md").Select(file => Path.GetFileName(file)!)];

    private static string Everything => string.Join('\n', [.. Queries, Repository.Read("infra", "README.md"), .. Runbooks.Select(runbook => Read(runbook.Data))]);

    [Theory]
    [MemberData(nameof(Runbooks))]
    public void A_runbook_has_numbered_checks_and_then_actions(string runbook) =>
        Assert.Matches(@"(?s)\*\*Look\*\*\n\n1\. .*\n2\. .*\n\n\*\*Do\*\*\n\n- ", Read(runbook));

    [Theory]
    [MemberData(nameof(Runbooks))]
    public void A_runbook_is_one_page_at_most(string runbook) => Assert.InRange(Read(runbook).Length, 500, 4_000);

    [Fact]
    public void Metrics_have_the_names_of_the_app() => Assert.Empty(SourceText.Matches(@"[""`](finx\.[a-z.]+)[""`]", Everything).Except(Instruments.Names));

    [Fact]
    public void Tags_have_the_names_of_the_app() => Assert.Empty(
        SourceText.Matches(@"Properties\.(\w+)", Everything).Except(SourceText.Matches(@"""(\w+)"", \w", Repository.Read("src", "FinxFunctions", "Diagnostics", "FinxMetrics.cs"))));

    [Fact]
    public void Log_messages_contain_what_the_queries_search_for()
    {
        var sources = Repository.Sources("src", "FinxFunctions");

        Assert.All(SourceText.Matches(@"Message has ""([^""]+)""", Everything), words => Assert.Contains(words, sources, StringComparison.Ordinal));
    }

    [Fact]
    public void Secrets_that_an_operator_rotates_have_the_names_of_the_app()
    {
        var names = SourceText.Matches(@"--name ([a-z-]+-key) ", Everything);

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains($"SecretName = \"{name}\"", Repository.Sources("src", "FinxFunctions"), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Runbooks))]
    public void A_runbook_has_the_title_of_its_alert(string runbook)
    {
        var title = SourceText.Matches("^# (.+)$", Read(runbook))[0];
        var alert = Path.GetFileNameWithoutExtension(runbook);

        // Two alerts share the runbook of health.
        Assert.True(alert == "health" || Repository.Read("infra", "alerts.bicep").Contains($"name: '{alert}'\n    title: '{title}'", StringComparison.Ordinal), $"{alert}: {title}");
    }

    private static string Read(string runbook) => Repository.Read("infra", "runbooks", runbook);
}
