using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FinxFunctions.Tests.Faults.Proof;
using FinxFunctions.Tests.Running;
using Microsoft.AspNetCore.WebUtilities;

namespace FinxFunctions.Tests.Telemetry;

/// <summary>What DevHost sends by OTLP, as a collector receives it.</summary>
public class OtlpTests
{
    private const string UserId = "marked.user.8127@example.com";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_collector_gets_traces_metrics_and_logs_each_request_once_and_no_secret()
    {
        await using var collector = await Collector.StartAsync(Cancel);
        await using var host = await HostProcess.StartAsync(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
            ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "60000",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "300",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "300",
        });

        var link = await host.Caller.CreateLinkAsync(UserId);
        var returning = await FinishAsync(link);
        await host.Caller.ReturnAsync(returning);
        var token = await host.Caller.TokenAsync(link["connection_id"]!, rejected: 1);
        await host.Caller.TickAsync();
        await Collector.WaitAsync(() => collector.Traces.Contains("/api/connections/{id}/token", StringComparison.Ordinal) && collector.Metrics.Contains("finx.ticks", StringComparison.Ordinal) && collector.Logs.Contains("Tick: ", StringComparison.Ordinal), Cancel);

        Assert.All(["rotation.exchange", "rotation.refresh", "rotation.claim", "rotation.spend", "rotation.keep", "rotation.vault", "rotation.commit"], span => Assert.Contains(span, collector.Traces, StringComparison.Ordinal));
        Assert.Single(Regex.Matches(collector.Traces, "GET /api/callback"));
        Assert.Single(Regex.Matches(collector.Traces, "POST /api/links"));
        Assert.DoesNotContain("Microsoft.AspNetCore.Hosting.HttpRequestIn", collector.Traces, StringComparison.Ordinal); // requests to finX and the vault
        Assert.All(["finx.rotations", "finx.rotation.duration", "finx.links", "finx.callbacks", "finx.calls", "finx.token.reads"], metric => Assert.Contains(metric, collector.Metrics, StringComparison.Ordinal));
        Assert.Contains("is at generation", collector.Logs, StringComparison.Ordinal);
        string[] secrets =
        [
            UserId, new Uri(link["location"]!).Query, token["access_token"]!, "sandbox-secret",
            .. from pair in QueryHelpers.ParseQuery(returning.Query) where pair.Key is "code" or "state" select pair.Value.ToString(),
        ];
        Assert.Equal(6, secrets.Length);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, collector.Traces + collector.Metrics + collector.Logs, StringComparison.Ordinal));
    }

    /// <summary>Completes the widget without its pages.</summary>
    private static async Task<Uri> FinishAsync(Reply link)
    {
        using var http = new HttpClient();
        using var finished = await http.PostAsJsonAsync(new Uri(new Uri(link["location"]!), $"/sandbox/links/{link["flow_id"]}/finish"), new JsonObject { ["outcome"] = "success" }, Cancel);
        return new Uri((await finished.JsonAsync()).Text("location"));
    }
}
