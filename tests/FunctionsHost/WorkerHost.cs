using System.Runtime.InteropServices;
using FunctionsHost.Functions;
using FunctionsHost.Http;
using FunctionsHost.Timers;
using FunctionsHost.Workers;

namespace FunctionsHost;

/// <summary>
/// An Azure Functions host in miniature: runs one built worker app as a process of its own and serves its functions, with what the real host
/// does towards the worker and towards callers.
/// </summary>
public sealed class WorkerHost : IAsyncDisposable
{
    private readonly HostOptions _options;
    private readonly RpcServer _rpc;
    private readonly WorkerSupervisor _workers;
    private readonly TimerFunctions _timers;
    private readonly HttpServer _http;
    private readonly HttpInvoker _invoker;
    private readonly HttpThrottle _throttle;
    private readonly HostFile _file;
    private readonly Lazy<Task> _stop;

    private WorkerHost(HostOptions options, RpcServer rpc)
    {
        _options = options;
        _rpc = rpc;
        Output = new(options.OnLine, options.KeepsLines);
        WorkerLog = new(null, options.KeepsLines);
        Log = new(options.OnLine, options.KeepsLines);
        _file = HostFile.Read(options.WorkerFolder);
        _workers = new(options, rpc, this);
        _timers = new(options, _workers, Log);
        _http = new(options);
        _invoker = new(_http.Forwarder, _workers, options);
        _throttle = new(_file);
        _stop = new(StopOnceAsync);
    }

    /// <summary>Where callers reach the host.</summary>
    public Uri Address => _http.Address;

    /// <summary>Opens functions of the level Function.</summary>
    public string FunctionKey => _options.FunctionKey;

    /// <summary>Opens everything.</summary>
    public string MasterKey => _options.MasterKey;

    /// <summary>All that the worker has printed, of each of its processes.</summary>
    public Transcript Output { get; }

    /// <summary>The log records that the worker has sent the host: level, category, message and what goes with it.</summary>
    public Transcript WorkerLog { get; }

    /// <summary>What the host itself has to say.</summary>
    public Transcript Log { get; }

    public HostState State { get; private set; }

    /// <summary>The functions that the worker has loaded, by name.</summary>
    public IReadOnlyList<string> Functions => [.. _workers.Current?.Functions.Select(function => function.Name) ?? []];

    /// <summary>The newest worker's process.</summary>
    public int WorkerProcessId => _workers.Process.Id;

    /// <summary>The exit code of the newest worker's process, once it has ended. 128 and more is a signal.</summary>
    public Task<int> WorkerExited => _workers.Process.Exited;

    /// <summary>How many invocations the worker has not answered.</summary>
    public int RunningInvocations => _workers.Current?.Channel.RunningCount ?? 0;

    /// <summary>Starts the worker, and serves its functions once they are loaded.</summary>
    /// <exception cref="WorkerStartException">The worker ended, failed or kept silent before that.</exception>
    public static async Task<WorkerHost> StartAsync(HostOptions options, CancellationToken cancellationToken = default)
    {
        var host = new WorkerHost(options, await RpcServer.StartAsync(cancellationToken));
        try
        {
            await host.StartAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits until the worker's own web server listens: a little later than its functions are loaded. False where the worker ended before, killed
    /// or because another process took the port that it had chosen.
    /// </summary>
    public async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        var (process, channel, _) = await _workers.NextAsync().WaitAsync(cancellationToken);
        return channel.HttpAddress is not { Port: var port } || await WorkerPort.WaitAsync(process, port).WaitAsync(cancellationToken);
    }

    /// <summary>Sends the worker's process a signal, as a terminal or a service manager may.</summary>
    /// <param name="signal">SIGTERM or SIGINT.</param>
    public void SignalWorker(PosixSignal signal) => _workers.Process.Signal(signal);

    /// <summary>Kills the worker's process. The host starts another.</summary>
    public void KillWorker() => _workers.Process.Kill();

    /// <summary>
    /// Stops as the Functions host does on SIGTERM: timers first; running invocations are waited for, then cancelled; the worker is told to
    /// end, and killed when it does not.
    /// </summary>
    public Task StopAsync() => _stop.Value;

    /// <summary>Stops, if nothing has, and frees the ports.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _timers.DisposeAsync();
        await _http.DisposeAsync();
        _invoker.Dispose();
        _throttle.Dispose();
        _workers.Dispose();
        await _rpc.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await _workers.StartAsync(cancellationToken);
        var functions = _workers.Current!.Functions;
        var keys = new Keys(_options);
        var admin = new AdminApi(keys, _workers, _timers, () => State, () => _ = StopAsync());
        var dispatcher = new RequestDispatcher(new(functions, _file.RoutePrefix, _http.Constraints), keys, _invoker, _throttle, admin, () => State, Log);
        await _http.StartAsync(dispatcher.HandleAsync, cancellationToken);
        State = HostState.Running;
        _timers.Start(functions);
    }

    private async Task StopOnceAsync()
    {
        State = HostState.Draining;
        _timers.Stop();
        await _workers.StopAsync();
        State = HostState.Stopped;
    }
}
