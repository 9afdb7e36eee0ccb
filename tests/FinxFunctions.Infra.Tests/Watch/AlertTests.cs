using System.Text.RegularExpressions;
using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Watch;

public sealed partial class AlertTests(Deployments deployments)
{
    private const string QueryRule = "Microsoft.Insights/scheduledQueryRules";
    private const string MetricRule = "Microsoft.Insights/metricAlerts";
    private const string Criterion = "properties.criteria.allOf.0";

    public static TheoryData<string, string> Signals => new()
    {
        { "no-tick", "finx.ticks" },
        { "slack-14", "finx.rotation.slack" },
        { "slack-7", "finx.rotation.slack" },
        { "slack-3", "finx.rotation.slack" },
        { "reconsents", "finx.reconsents" },
        { "ambiguous", "finx.rotations.ambiguous" },
        { "finx-refuses", "finx.calls" },
        { "throttled", "finx.throttled" },
        { "audit", "finx.audit.failures" },
        { "server-errors", "AppRequests" },
    };

    [Theory]
    [MemberData(nameof(Signals))]
    public void Somebody_is_told(string alert, string signal) => Assert.All(deployments.All, deployment =>
        Assert.Contains(signal, Query(deployment, alert), StringComparison.Ordinal));

    [Fact]
    public void Silence_of_the_timer_is_an_alarm_not_only_its_failure() => Assert.All(deployments.All, deployment =>
    {
        var rule = Rule(deployment, "no-tick");

        Assert.Equal("LessThan", rule.Text($"{Criterion}.operator"));
        Assert.Equal(1, rule.Number($"{Criterion}.threshold"));
        Assert.EndsWith("summarize Value = count()", Query(deployment, "no-tick"), StringComparison.Ordinal);
        Assert.Contains("== \"done\"", Query(deployment, "no-tick"), StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(14, 3)]
    [InlineData(7, 2)]
    [InlineData(3, 1)]
    public void The_nearer_a_token_is_to_its_end_the_louder_the_alarm(int days, int severity) => Assert.All(deployments.All, deployment =>
    {
        var rule = Rule(deployment, $"slack-{days}");

        Assert.Equal("LessThan", rule.Text($"{Criterion}.operator"));
        Assert.Equal(days, rule.Number($"{Criterion}.threshold"));
        Assert.Equal(severity, rule.Number("properties.severity"));
    });

    [Fact]
    public void Key_vault_429_is_an_alarm_for_every_vault() => Assert.All(deployments.All, deployment => Assert.All(
        deployment.All("Microsoft.KeyVault/vaults"),
        vault => Assert.Contains(deployment.All(MetricRule), rule =>
            rule.Texts("properties.scopes").Contains(vault.Id)
            && rule.Text($"{Criterion}.metricName") == "ServiceApiResult"
            && rule.Texts($"{Criterion}.dimensions.0.values").Contains("429"))));

    [Fact]
    public void Throttling_is_an_alarm_for_every_storage_account() => Assert.All(deployments.All, deployment => Assert.All(
        deployment.All("Microsoft.Storage/storageAccounts"),
        account => Assert.Contains(deployment.All(MetricRule), rule =>
            rule.Texts("properties.scopes").Contains(account.Id)
            && rule.Text($"{Criterion}.metricName") == "Transactions"
            && rule.Texts($"{Criterion}.dimensions.0.values").Contains("ServerBusyError"))));

    [Fact, Trait("PSRule", "Azure.AppService.WebProbe")]
    public void Failing_health_seen_from_outside_is_an_alarm() => Assert.All(deployments.All, deployment =>
    {
        var probe = Assert.Single(deployment.All("Microsoft.Insights/webtests"));

        Assert.Contains("/api/health", probe.Text("properties.Request.RequestUrl"), StringComparison.Ordinal);
        Assert.Equal(200, probe.Number("properties.ValidationRules.ExpectedHttpStatusCode"));
        Assert.Contains(deployment.All(MetricRule), rule => rule.Text("properties.criteria.webTestId") == probe.Id && rule.Number("properties.criteria.failedLocationCount") == 2);
    });

    [Fact]
    public void Every_alarm_is_on_and_reaches_the_people_on_call() => Assert.All(deployments.All, deployment =>
    {
        var people = Assert.Single(deployment.All("Microsoft.Insights/actionGroups")).Id;

        Assert.All(deployment.All(QueryRule), rule => Assert.Equal([people], rule.Texts("properties.actions.actionGroups")));
        Assert.All(deployment.All(MetricRule), rule => Assert.Equal(people, rule.Text("properties.actions.0.actionGroupId")));
        Assert.All([.. deployment.All(QueryRule), .. deployment.All(MetricRule)], rule => Assert.True(rule.Flag("properties.enabled")));
    });

    [Fact]
    public void In_production_somebody_is_on_call() =>
        Assert.NotEmpty(Assert.Single(deployments.Prod.All("Microsoft.Insights/actionGroups"))["properties.emailReceivers"]!.AsArray());

    [Fact]
    public void Every_alarm_has_its_runbook_and_every_runbook_its_alarm()
    {
        var named = deployments.All.SelectMany(deployment => (IEnumerable<Resource>)[.. deployment.All(QueryRule), .. deployment.All(MetricRule)])
            .Select(rule => rule.Text("properties.description")!)
            .Distinct()
            .Order();
        var written = Directory.EnumerateFiles(Repository.PathOf("infra", "runbooks"), "*.md").Select(file => $"infra/runbooks/{Path.GetFileName(file)}").Order();

        Assert.Equal(written, named);
    }

    [Fact]
    public void A_runbook_is_a_page_at_most() => Assert.All(
        Directory.EnumerateFiles(Repository.PathOf("infra", "runbooks"), "*.md"),
        file => Assert.InRange(File.ReadAllLines(file).Length, 5, 60));

    [Fact]
    public void Alarms_read_what_the_app_measures() => Assert.All(deployments.All, deployment => Assert.All(
        deployment.All(QueryRule).SelectMany(rule => MetricName().Matches(rule.Text($"{Criterion}.query")!).Select(match => match.Value)),
        metric => Assert.Contains(metric, Instruments.Names)));

    [Fact]
    public void The_workbook_shows_what_the_app_measures() => Assert.All(
        SourceText.Matches(@"""(finx\.[a-z.]+)", Repository.Read("infra", "workbook.json")),
        metric => Assert.Contains(metric, Instruments.Names));

    private static Resource Rule(Deployment deployment, string alert) =>
        Assert.Single(deployment.All(QueryRule), rule => rule.Text("properties.description") == $"infra/runbooks/{alert}.md");

    private static string Query(Deployment deployment, string alert) => Rule(deployment, alert).Text($"{Criterion}.query")!;

    [GeneratedRegex(@"(?<="")finx\.[a-z.]+")]
    private static partial Regex MetricName();
}
