using System.Text;
using FunctionsHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FinxFunctions.Worker.Tests.Running;

/// <summary>An OTLP collector that keeps what it gets (protobuf over HTTP) as it came, to be searched: texts lie in it in clear.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _web;

    private Collector(WebApplication web) => _web = web;

    public Transcript Traces { get; } = new();

    public Transcript Metrics { get; } = new();

    public Transcript Logs { get; } = new();

    /// <summary>The settings that have telemetry sent here, without waiting long.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _web.Urls.First(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "60000",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "300",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "300",
    };

    public static async Task<Collector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var web = builder.Build();
        var collector = new Collector(web);
        web.Urls.Add("http://127.0.0.1:0");
        web.MapPost("/v1/traces", context => KeepAsync(context, collector.Traces));
        web.MapPost("/v1/metrics", context => KeepAsync(context, collector.Metrics));
        web.MapPost("/v1/logs", context => KeepAsync(context, collector.Logs));
        await web.StartAsync(cancellationToken);
        return collector;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private static async Task KeepAsync(HttpContext context, Transcript kept)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        kept.Add(Encoding.Latin1.GetString(body.ToArray()));
    }
}
