namespace FunctionsHost.Workers;

/// <summary>
/// Keeps one worker running. One that ends with an error is replaced, its invocations fail. One that ends with exit code 0 is left as it is, as
/// the Functions host does: calls to it are never answered.
/// </summary>
internal sealed class WorkerSupervisor(HostOptions options, RpcServer rpc, WorkerHost host) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _supervision = Task.CompletedTask;
    private Worker? _current;
    private WorkerProcess? _last;
    private TaskCompletionSource<Worker> _next = NewSignal();

    /// <summary>The newest process, whether it has loaded its functions or not.</summary>
    public WorkerProcess Process => Volatile.Read(ref _last) ?? throw new InvalidOperationException("No worker has been started.");

    /// <summary>Null while a new one starts.</summary>
    public Worker? Current => Volatile.Read(ref _current);

    /// <summary>The worker, or the next one where it is being replaced.</summary>
    public Task<Worker> NextAsync() => Volatile.Read(ref _next).Task;

    /// <summary>Starts the first worker.</summary>
    /// <exception cref="WorkerStartException">It does not load its functions.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var worker = await StartOneAsync(cancellationToken);
        _supervision = SuperviseAsync(worker);
    }

    /// <summary>The steps of a stop, with the host's timings.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _supervision;
        if (_last is not { } process)
            return;

        if (Current?.Channel is { } channel && !process.Exited.IsCompleted)
        {
            await WithinAsync(Task.WhenAny(channel.WaitForRunningAsync(), process.Exited), options.Timings.Drain);
            channel.CancelRunning();
            channel.Terminate(options.Timings.TerminateGrace);
            await WithinAsync(process.Exited, options.Timings.TerminateGrace);
            if (!process.Exited.IsCompleted)
            {
                host.Log.Add($"Warning: killing the worker {process.Id}, which did not end in time");
                process.Kill();
            }
        }
        host.Log.Add($"Information: the worker {process.Id} has ended with exit code {await process.Exited}");
        Current?.Channel.Fail(new WorkerGoneException("The host is stopping."));
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _last?.Dispose();
    }

    private async Task SuperviseAsync(Worker worker)
    {
        try
        {
            while (true)
            {
                var exitCode = await worker.Process.Exited.WaitAsync(_stopping.Token);
                host.Log.Add($"Error: the worker {worker.Process.Id} has ended by itself with exit code {exitCode}");
                if (exitCode == 0)
                    return;

                Volatile.Write(ref _next, NewSignal());
                Volatile.Write(ref _current, null);
                rpc.Forget(worker.Channel);
                worker.Channel.Fail(new WorkerGoneException($"The worker ended with exit code {exitCode}."));
                worker.Process.Dispose();
                worker = await StartOneAsync(_stopping.Token);
                host.Log.Add($"Information: the worker {worker.Process.Id} has taken its place");
            }
        }
        catch (OperationCanceledException)
        {
            _next.TrySetCanceled();
        }
        catch (WorkerStartException failure)
        {
            host.Log.Add($"Error: {failure.Message}");
            _next.TrySetException(failure);
        }
    }

    private async Task<Worker> StartOneAsync(CancellationToken cancellationToken)
    {
        var channel = new WorkerChannel(Path.GetFullPath(options.WorkerFolder), host);
        rpc.Expect(channel);
        var process = WorkerProcess.Start(WorkerLaunch.Of(options, channel.WorkerId, rpc.Port), host.Output);
        Volatile.Write(ref _last, process);
        try
        {
            if (await Task.WhenAny(channel.Ready, process.Exited).WaitAsync(options.Timings.Start, cancellationToken) == process.Exited)
                throw await StartFailureAsync(process, "The worker ended before its functions were loaded.");

            var worker = new Worker(process, channel, await channel.Ready);
            Volatile.Write(ref _current, worker);
            _next.TrySetResult(worker);
            return worker;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException or WorkerGoneException)
        {
            var failure = await StartFailureAsync(process, exception is TimeoutException ? "The worker was not ready in time." : exception.Message);
            throw exception is OperationCanceledException ? exception : failure;
        }
    }

    /// <summary>Kills the process, if it still runs.</summary>
    private async Task<WorkerStartException> StartFailureAsync(WorkerProcess process, string message)
    {
        var hadExited = process.Exited.IsCompleted;
        if (!hadExited)
            process.Kill();
        var exitCode = await process.Exited;
        return new(message, hadExited ? exitCode : null, host.Output.ToString());
    }

    private static async Task WithinAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            // What has not ended by then is for the next step.
        }
    }

    private static TaskCompletionSource<Worker> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
