using System.Globalization;
using System.Xml;
using FinxFunctions.Infra.Tests.Templates;

namespace FinxFunctions.Infra.Tests.Watch;

public sealed class AlertTests(Deployments deployments)
{
    private const string QueryRule = "Microsoft.Insights/scheduledQueryRules";
    private const string MetricRule = "Microsoft.Insights/metricAlerts";
    private const string Criterion = "properties.criteria.allOf.0";

    /// <summary>What each asks, how often, and when it is an alarm, in production.</summary>
    public static TheoryData<string, string, int, string, string, string> Alarms => new()
    {
        { "no-tick", Metric("finx.ticks"), 1, "PT5M", "PT15M", "LessThan 1" },
        { "slack-14", Metric("finx.rotation.slack"), 3, "PT1H", "PT1H", "LessThan 14" },
        { "slack-7", Metric("finx.rotation.slack"), 2, "PT1H", "PT1H", "LessThan 7" },
        { "slack-3", Metric("finx.rotation.slack"), 1, "PT15M", "PT1H", "LessThan 3" },
        { "reconsents", Metric("finx.reconsents"), 2, "PT15M", "PT1H", "GreaterThan 10" },
        { "ambiguous", Metric("finx.rotations.ambiguous"), 2, "PT15M", "PT1H", "GreaterThan 0" },
        { "finx-refuses", Metric("finx.refusals"), 1, "PT5M", "PT15M", "GreaterThan 0" },
        { "throttled", Metric("finx.throttled"), 2, "PT15M", "PT15M", "GreaterThan 0" },
        { "audit", Metric("finx.audit.failures"), 2, "PT15M", "PT15M", "GreaterThan 0" },
        { "server-errors", "AppRequests", 2, "PT5M", "PT15M", "GreaterThan 5" },
        { "health", Metric("finx.health"), 2, "PT5M", "PT15M", "GreaterThan 2" },
    };

    [Theory]
    [MemberData(nameof(Alarms))]
    public void Somebody_is_told(string alert, string signal, int severity, string frequency, string window, string condition)
    {
        var rule = Rule(deployments.Prod, alert);

        Assert.StartsWith($"{signal} ", Query(deployments.Prod, alert), StringComparison.Ordinal);
        Assert.Equal(severity, rule.Number("properties.severity"));
        Assert.Equal((frequency, window), (rule.Text("properties.evaluationFrequency"), rule.Text("properties.windowSize")));
        Assert.Equal(condition, string.Create(CultureInfo.InvariantCulture, $"{rule.Text($"{Criterion}.operator")} {rule.Number($"{Criterion}.threshold")}"));
        Assert.All(deployments.All, deployment => Assert.Equal(Query(deployments.Prod, alert), Query(deployment, alert)));
    }

    [Fact]
    public void There_is_no_further_alarm_of_which_nobody_knows() => Assert.All(deployments.All, deployment => Assert.Equal(
        Alarms.Select(alarm => $"infra/runbooks/{alarm.Data.Item1}.md").Order(),
        deployment.All(QueryRule).Select(rule => rule.Text("properties.description")).Order()));

    [Fact]
    public void A_query_gives_one_number_and_one_look_at_it_is_enough() => Assert.All(deployments.Everywhere(QueryRule), rule =>
    {
        Assert.Matches(@"\b(summarize|project) Value = [^|]+$", rule.Text($"{Criterion}.query"));
        Assert.Equal(("Value", "Maximum"), (rule.Text($"{Criterion}.metricMeasureColumn"), rule.Text($"{Criterion}.timeAggregation")));
        Assert.Equal((1, 1), (rule.Number($"{Criterion}.failingPeriods.numberOfEvaluationPeriods"), rule.Number($"{Criterion}.failingPeriods.minFailingPeriodsToAlert")));
        Assert.Single(rule["properties.criteria.allOf"]!.AsArray());
    });

    [Fact]
    public void Queries_ask_the_workspace_even_before_it_has_seen_the_app() => Assert.All(deployments.All, deployment => Assert.All(deployment.All(QueryRule), rule =>
    {
        Assert.Equal([Assert.Single(deployment.All("Microsoft.OperationalInsights/workspaces")).Id], rule.Texts("properties.scopes"));
        Assert.True(rule.Flag("properties.skipQueryValidation"));
    }));

    [Fact, Trait("PSRule", "Azure.Alert.HighFrequencyQuery")]
    public void No_query_runs_more_often_than_every_five_minutes_nor_misses_what_came_between() => Assert.All(deployments.Everywhere(QueryRule), rule =>
    {
        var (frequency, window) = (Duration(rule, "properties.evaluationFrequency"), Duration(rule, "properties.windowSize"));

        Assert.InRange(frequency, TimeSpan.FromMinutes(5), window);
    });

    [Fact]
    public void Silence_of_the_timer_is_an_alarm_not_only_its_failure() => Assert.All(deployments.All, deployment =>
    {
        // Of no rows this makes one, whose Value is 0.
        Assert.EndsWith(" | summarize Value = count()", Query(deployment, "no-tick"), StringComparison.Ordinal);
        Assert.Contains("tostring(Properties.outcome) in (\"done\", \"degraded\")", Query(deployment, "no-tick"), StringComparison.Ordinal);
    });

    [Fact]
    public void The_timer_ticks_three_times_before_its_silence_is_an_alarm() => Assert.All(deployments.All, deployment =>
    {
        Assert.Equal("0 */5 * * * *", AppSettings.Of(deployment)["RotationSchedule"]);
        Assert.True(Duration(Rule(deployment, "no-tick"), "properties.windowSize") >= 3 * TimeSpan.FromMinutes(5));
    });

    [Fact]
    public void The_share_of_server_errors_is_that_of_callers_calls() => Assert.All(
        (string[])["Status >= 100", "Url !has \"api/health\"", "Url !has \"admin\"", "sum(ItemCount)"], // unsampled; neither probes nor the host's own
        part => Assert.Contains(part, Query(deployments.Prod, "server-errors"), StringComparison.Ordinal));

    [Fact]
    public void Key_vault_429_is_an_alarm_for_every_vault() => Assert.All(deployments.All, deployment => Assert.All(
        deployment.All("Microsoft.KeyVault/vaults"),
        vault => AssertCounts(deployment, vault, "ServiceApiResult", "Count", "StatusCode", ["429"])));

    [Fact]
    public void Throttling_is_an_alarm_for_every_storage_account() => Assert.All(deployments.All, deployment => Assert.All(
        deployment.All("Microsoft.Storage/storageAccounts"),
        account => AssertCounts(
            deployment,
            account,
            "Transactions",
            "Total",
            "ResponseType",
            ["ServerBusyError", "ClientThrottlingError", "ClientAccountRequestThrottlingError", "ClientAccountBandwidthThrottlingError"])));

    [Fact, Trait("PSRule", "Azure.AppService.WebProbe"), Trait("PSRule", "Azure.AppService.WebProbePath")]
    public void The_apps_health_is_asked_for_from_outside_every_five_minutes() => Assert.All(deployments.All, deployment =>
    {
        var probe = Assert.Single(deployment.All("Microsoft.Insights/webtests"));

        Assert.StartsWith("[format('https://{0}/api/health', ", probe.Text("properties.Request.RequestUrl"), StringComparison.Ordinal);
        Assert.Equal(("GET", 200), (probe.Text("properties.Request.HttpVerb"), probe.Number("properties.ValidationRules.ExpectedHttpStatusCode")));
        Assert.Equal((true, 300, true), (probe.Flag("properties.Enabled"), probe.Number("properties.Frequency"), probe.Flag("properties.RetryEnabled")));
        Assert.Equal((true, 7), (probe.Flag("properties.ValidationRules.SSLCheck"), probe.Number("properties.ValidationRules.SSLCertRemainingLifetimeCheck")));
        Assert.Equal(3, probe["properties.Locations"]!.AsArray().Select(location => location!["Id"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal("Resource", probe["tags"]![$"hidden-link:{Assert.Single(deployment.All("Microsoft.Insights/components")).Id}"]?.GetValue<string>());
    });

    [Fact]
    public void Failing_health_seen_from_two_places_is_an_alarm() => Assert.All(deployments.All, deployment =>
    {
        var probe = Assert.Single(deployment.All("Microsoft.Insights/webtests"));
        var insights = Assert.Single(deployment.All("Microsoft.Insights/components"));
        var rule = Assert.Single(deployment.All(MetricRule), rule => rule.Text("properties.criteria.webTestId") == probe.Id);

        Assert.Equal([probe.Id, insights.Id], rule.Texts("properties.scopes"));
        Assert.Equal("Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria", rule["properties.criteria"]!["odata.type"]?.GetValue<string>());
        Assert.Equal((insights.Id, 2), (rule.Text("properties.criteria.componentId"), rule.Number("properties.criteria.failedLocationCount")));
        Assert.Equal((1, "PT1M", "PT5M"), (rule.Number("properties.severity"), rule.Text("properties.evaluationFrequency"), rule.Text("properties.windowSize")));
    });

    [Fact]
    public void Every_alarm_is_on_and_reaches_the_people_on_call() => Assert.All(deployments.All, deployment =>
    {
        var people = Assert.Single(deployment.All("Microsoft.Insights/actionGroups"));

        Assert.True(people.Flag("properties.enabled"));
        Assert.All(deployment.All(QueryRule), rule => Assert.Equal([people.Id], rule.Texts("properties.actions.actionGroups")));
        Assert.All(deployment.All(MetricRule), rule => Assert.Equal(people.Id, rule.Text("properties.actions.0.actionGroupId")));
        Assert.All(Rules(deployment), rule => Assert.True(rule.Flag("properties.enabled")));
    });

    [Fact, Trait("PSRule", "Azure.Alert.MetricAutoMitigate")]
    public void An_alarm_ends_by_itself() => Assert.All(deployments.All, deployment => Assert.All(Rules(deployment), rule => Assert.True(rule.Flag("properties.autoMitigate"))));

    [Fact]
    public void In_production_somebody_is_on_call() =>
        Assert.Equal([(Deployments.OnCall, true)], Assert.Single(deployments.Prod.All("Microsoft.Insights/actionGroups"))["properties.emailReceivers"]!.AsArray()
            .Select(receiver => new Resource(receiver!))
            .Select(receiver => (receiver.Text("emailAddress"), receiver.Flag("useCommonAlertSchema"))));

    [Fact]
    public void Every_alarm_has_its_runbook_and_every_runbook_its_alarm()
    {
        var named = deployments.All.SelectMany(Rules)
            .Select(rule => rule.Text("properties.description")!)
            .Distinct()
            .Order();
        var written = Directory.EnumerateFiles(Repository.PathOf("infra", "runbooks"), "*.md").Select(file => $"infra/runbooks/{Path.GetFileName(file)}").Order();

        Assert.Equal(written, named);
    }

    /// <summary>A metric rule that any of these counts above zero sets off.</summary>
    private static void AssertCounts(Deployment deployment, Resource resource, string metric, string aggregation, string dimension, string[] values)
    {
        var rule = Assert.Single(deployment.All(MetricRule), rule => rule.Texts("properties.scopes").SequenceEqual([resource.Id]));

        Assert.Equal("Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria", rule["properties.criteria"]!["odata.type"]?.GetValue<string>());
        Assert.Equal((2, "PT5M", "PT15M"), (rule.Number("properties.severity"), rule.Text("properties.evaluationFrequency"), rule.Text("properties.windowSize")));
        Assert.Equal((resource.Type, metric, aggregation), (rule.Text($"{Criterion}.metricNamespace"), rule.Text($"{Criterion}.metricName"), rule.Text($"{Criterion}.timeAggregation")));
        Assert.Equal(("StaticThresholdCriterion", "GreaterThan", 0), (rule.Text($"{Criterion}.criterionType"), rule.Text($"{Criterion}.operator"), rule.Number($"{Criterion}.threshold")));
        Assert.Equal((dimension, "Include"), (rule.Text($"{Criterion}.dimensions.0.name"), rule.Text($"{Criterion}.dimensions.0.operator")));
        Assert.Equal(values, rule.Texts($"{Criterion}.dimensions.0.values"));
    }

    private static IEnumerable<Resource> Rules(Deployment deployment) => [.. deployment.All(QueryRule), .. deployment.All(MetricRule)];

    private static string Metric(string name) => $"AppMetrics | where Name == \"{name}\"";

    private static TimeSpan Duration(Resource rule, string path) => XmlConvert.ToTimeSpan(rule.Text(path)!);

    private static Resource Rule(Deployment deployment, string alert) =>
        Assert.Single(deployment.All(QueryRule), rule => rule.Text("properties.description") == $"infra/runbooks/{alert}.md");

    private static string Query(Deployment deployment, string alert) => Rule(deployment, alert).Text($"{Criterion}.query")!;
}
