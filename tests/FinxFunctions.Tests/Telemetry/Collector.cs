using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FinxFunctions.Tests.Telemetry;

/// <summary>An OTLP collector that keeps what it receives (protobuf over HTTP), to be searched. Texts in it are readable.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly ConcurrentDictionary<string, StringBuilder> _received = new();

    private Collector(WebApplication web) => _web = web;

    public string Address => _web.Urls.First();

    public string Traces => Received("/v1/traces");

    public string Metrics => Received("/v1/metrics");

    public string Logs => Received("/v1/logs");

    public static async Task<Collector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var web = builder.Build();
        var collector = new Collector(web);
        web.Urls.Add("http://127.0.0.1:0");
        web.MapPost("/v1/{signal}", collector.ReceiveAsync);
        await web.StartAsync(cancellationToken);
        return collector;
    }

    /// <summary>Waits until a condition is true.</summary>
    public static async Task WaitAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        for (var waited = 0; waited < 600 && !condition(); waited++)
        {
            await Task.Delay(100, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private string Received(string path)
    {
        var received = _received.GetOrAdd(path, _ => new());
        lock (received)
        {
            return received.ToString();
        }
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var received = _received.GetOrAdd(context.Request.Path, _ => new());
        lock (received)
        {
            received.Append(Encoding.Latin1.GetString(body.ToArray()));
        }
    }
}
