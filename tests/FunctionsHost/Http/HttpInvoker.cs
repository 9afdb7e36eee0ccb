using System.Diagnostics;
using FunctionsHost.Functions;
using FunctionsHost.Rpc;
using FunctionsHost.Workers;
using Yarp.ReverseProxy.Forwarder;

namespace FunctionsHost.Http;

/// <summary>
/// Runs an HTTP function: forwards the request to the worker's own web server and tells the worker, over gRPC, which function it is for. The
/// invocation has ended when the worker has answered both.
/// </summary>
internal sealed class HttpInvoker(IHttpForwarder forwarder, WorkerSupervisor workers, HostOptions options) : IDisposable
{
    private const string InvocationHeader = "x-ms-invocation-id";

    // Where one of these is set the host records traces, and the worker is told so.
    private static readonly string[] TelemetrySettings = ["APPLICATIONINSIGHTS_CONNECTION_STRING", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    private readonly HttpMessageInvoker _client = new(new RetryHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }));
    private readonly ActivityTraceFlags _flags = TelemetrySettings.Any(options.Settings.ContainsKey) ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None;
    private readonly ForwarderRequestConfig _config = new() { ActivityTimeout = options.Timings.ProxyActivity };

    /// <exception cref="HttpFunctionException">The function failed, or its answer did not come through.</exception>
    /// <exception cref="WorkerGoneException">The worker ended, or there is none.</exception>
    /// <exception cref="BadHttpRequestException">The body cannot be read.</exception>
    public async Task InvokeAsync(HttpContext context, HostFunction function, RouteValueDictionary route)
    {
        var worker = workers.Current?.Channel ?? throw new WorkerGoneException("Did not find any initialized language workers");
        var request = await RequestAsync(context.Request, function, route);
        context.Request.Headers.TryAdd(InvocationHeader, request.InvocationId);

        using var failed = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var forwarding = forwarder.SendAsync(context, worker.HttpAddress!.ToString(), _client, _config, HttpTransformer.Default, failed.Token).AsTask();
        try
        {
            var response = await worker.InvokeAsync(request, context.RequestAborted);
            if (await forwarding is var error and not ForwarderError.None)
                throw new HttpFunctionException($"Failed to proxy request with ForwarderError: {error}");
            if (response.Result.Status != StatusResult.Types.Status.Success)
                throw new HttpFunctionException($"{response.Result.Status}: {response.Result.Exception?.Message}");
        }
        finally
        {
            await failed.CancelAsync();
            await forwarding;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<InvocationRequest> RequestAsync(HttpRequest request, HostFunction function, RouteValueDictionary route)
    {
        var invocation = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = function.Id,
            InputData = { new ParameterBinding { Name = function.Parameter, Data = new() { Http = new() } } },
            TraceContext = new() { TraceParent = TraceParent(request.Headers.TraceParent), TraceState = request.Headers.TraceState.ToString() },
        };
        foreach (var (name, value) in await TriggerMetadata.ReadAsync(request, route))
            invocation.TriggerMetadata.Add(name, value);
        return invocation;
    }

    private string TraceParent(string? sent)
    {
        var (trace, flags) = ActivityContext.TryParse(sent, null, out var context) ? (context.TraceId, context.TraceFlags) : (ActivityTraceId.CreateRandom(), _flags);
        return $"00-{trace}-{ActivitySpanId.CreateRandom()}-{(int)flags:x2}";
    }
}
