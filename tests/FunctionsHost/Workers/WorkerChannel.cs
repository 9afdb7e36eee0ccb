using System.Collections.Concurrent;
using System.Threading.Channels;
using FunctionsHost.Functions;
using FunctionsHost.Rpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace FunctionsHost.Workers;

/// <summary>The conversation with one worker process: the handshake, then invocations, logs and the end.</summary>
internal sealed class WorkerChannel(string folder, WorkerHost host)
{
    public const string HostVersion = "4.1037.0";

    private readonly Channel<StreamingMessage> _outbound = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> _running = new();
    private readonly TaskCompletionSource<IReadOnlyList<HostFunction>> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, HostFunction> _loading = [];
    private readonly List<HostFunction> _loaded = [];

    public string WorkerId { get; } = Guid.NewGuid().ToString();

    /// <summary>The functions that the worker has loaded, once it has.</summary>
    public Task<IReadOnlyList<HostFunction>> Ready => _ready.Task;

    /// <summary>Where the worker's own web server takes the requests of HTTP functions. Known once the functions are loaded.</summary>
    public Uri? HttpAddress { get; private set; }

    /// <summary>How many invocations the worker has not answered.</summary>
    public int RunningCount => _running.Count;

    /// <summary>Speaks with the worker until one of the two ends.</summary>
    public async Task RunAsync(IAsyncStreamReader<StreamingMessage> inbound, IServerStreamWriter<StreamingMessage> outbound, CancellationToken cancellationToken)
    {
        var writing = WriteAsync(outbound, cancellationToken);
        Send(new() { WorkerInitRequest = new() { HostVersion = HostVersion, WorkerDirectory = folder, FunctionAppDirectory = folder, Capabilities = { ["MultiStream"] = "10" } } });
        while (await inbound.MoveNext(cancellationToken))
            Hear(inbound.Current);

        _outbound.Writer.TryComplete();
        await writing;
    }

    /// <summary>Has a function run, and asks the worker to cancel it when the token says so. The answer is waited for all the same.</summary>
    /// <exception cref="WorkerGoneException">The worker ended before it answered.</exception>
    public async Task<InvocationResponse> InvokeAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<InvocationResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[request.InvocationId] = answer;
        Send(new() { InvocationRequest = request });
        await using var cancelling = cancellationToken.Register(() => Cancel(request.InvocationId));
        return await answer.Task;
    }

    /// <summary>Waits until the invocations that run now have been answered.</summary>
    public Task WaitForRunningAsync() => Task.WhenAll(_running.Values.Select(answer => answer.Task));

    public void CancelRunning()
    {
        foreach (var invocation in _running.Keys)
            Cancel(invocation);
    }

    public void Terminate(TimeSpan grace) => Send(new() { WorkerTerminate = new() { GracePeriod = Duration.FromTimeSpan(grace) } });

    /// <summary>Fails all that waits for the worker.</summary>
    public void Fail(Exception exception)
    {
        _ready.TrySetException(exception);
        foreach (var invocation in _running.Keys)
        {
            if (_running.TryRemove(invocation, out var answer))
                answer.TrySetException(exception);
        }
    }

    private void Cancel(string invocationId) => Send(new() { InvocationCancel = new() { InvocationId = invocationId } });

    private void Send(StreamingMessage message) => _outbound.Writer.TryWrite(message);

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> outbound, CancellationToken cancellationToken)
    {
        await foreach (var message in _outbound.Reader.ReadAllAsync(cancellationToken))
            await outbound.WriteAsync(message, cancellationToken);
    }

    private void Hear(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.WorkerInitResponse:
                Initialize(message.WorkerInitResponse);
                break;
            case StreamingMessage.ContentOneofCase.FunctionMetadataResponse:
                Load(message.FunctionMetadataResponse);
                break;
            case StreamingMessage.ContentOneofCase.FunctionLoadResponse:
                FinishLoading(message.FunctionLoadResponse);
                break;
            case StreamingMessage.ContentOneofCase.InvocationResponse when _running.TryRemove(message.InvocationResponse.InvocationId, out var answer):
                answer.TrySetResult(message.InvocationResponse);
                break;
            case StreamingMessage.ContentOneofCase.RpcLog:
                host.WorkerLog.Add(WorkerLog.Line(message.RpcLog));
                break;
        }
    }

    private void Initialize(WorkerInitResponse response)
    {
        if (!Succeeded(response.Result, "The worker did not initialize"))
            return;

        HttpAddress = response.Capabilities.TryGetValue("HttpUri", out var address) ? new(address) : null;
        Send(new() { FunctionsMetadataRequest = new() { FunctionAppDirectory = folder } });
    }

    private void Load(FunctionMetadataResponse response)
    {
        if (!Succeeded(response.Result, "The worker did not list its functions"))
            return;

        foreach (var function in response.FunctionMetadataResults.Select(HostFunction.Read).OfType<HostFunction>().OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase))
            _loading.Add(function.Id, function);
        if (_loading.Count == 0)
            _ready.TrySetResult([]);
        foreach (var (id, function) in _loading)
        {
            var metadata = function.Metadata.Clone();
            metadata.RawBindings.Clear();
            Send(new() { FunctionLoadRequest = new() { FunctionId = id, Metadata = metadata } });
        }
    }

    private void FinishLoading(FunctionLoadResponse response)
    {
        if (!_loading.Remove(response.FunctionId, out var function))
            return;

        if (response.Result.Status == StatusResult.Types.Status.Success)
            _loaded.Add(function);
        else
            host.Log.Add($"Error: the worker did not load {function.Name}: {response.Result.Exception?.Message}");
        if (_loading.Count == 0)
            _ready.TrySetResult([.. _loaded.OrderBy(loaded => loaded.Name, StringComparer.OrdinalIgnoreCase)]);
    }

    private bool Succeeded(StatusResult result, string otherwise)
    {
        if (result.Status == StatusResult.Types.Status.Success)
            return true;

        _ready.TrySetException(new WorkerGoneException($"{otherwise}: {result.Exception?.Message}"));
        return false;
    }
}
