using FinxFunctions.Infra.Tests.Templates;
using FinxFunctions.Infra.Tests.Watch;

namespace FinxFunctions.Infra.Tests.Delivery;

/// <summary>What a runbook, an alarm or the workbook asks for by name is there under that name.</summary>
public sealed class RunbookTests
{
    private static readonly string[] Queries = [Repository.Read("infra", "alerts.bicep"), Repository.Read("infra", "workbook.json").Replace("\\\"", "\"", StringComparison.Ordinal)];

    public static TheoryData<string> Runbooks => [.. Directory.EnumerateFiles(Repository.PathOf("infra", "runbooks"), "*.md").Select(file => Path.GetFileName(file)!)];

    private static string Everything => string.Join('\n', [.. Queries, Repository.Read("infra", "README.md"), .. Runbooks.Select(runbook => Read(runbook.Data))]);

    [Theory]
    [MemberData(nameof(Runbooks))]
    public void A_runbook_says_what_to_look_at_first_and_second_and_what_to_do(string runbook) =>
        Assert.Matches(@"(?s)\*\*Look\*\*\n\n1\. .*\n2\. .*\n\n\*\*Do\*\*\n\n- ", Read(runbook));

    [Theory]
    [MemberData(nameof(Runbooks))]
    public void A_runbook_is_a_page_at_most(string runbook) => Assert.InRange(Read(runbook).Length, 500, 4_000);

    [Fact]
    public void Metrics_are_called_what_the_app_calls_them() => Assert.Empty(SourceText.Matches(@"[""`](finx\.[a-z.]+)[""`]", Everything).Except(Instruments.Names));

    [Fact]
    public void Tags_are_called_what_the_app_calls_them() => Assert.Empty(
        SourceText.Matches(@"Properties\.(\w+)", Everything).Except(SourceText.Matches(@"""(\w+)"", \w", Repository.Read("src", "FinxFunctions", "Diagnostics", "FinxMetrics.cs"))));

    [Fact]
    public void Logs_say_what_is_searched_for()
    {
        var said = Repository.Sources("src", "FinxFunctions");

        Assert.All(SourceText.Matches(@"Message has ""([^""]+)""", Everything), words => Assert.Contains(words, said, StringComparison.Ordinal));
    }

    private static string Read(string runbook) => Repository.Read("infra", "runbooks", runbook);
}
