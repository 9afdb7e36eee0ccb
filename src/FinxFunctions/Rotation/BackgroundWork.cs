using System.Collections.Concurrent;

namespace FinxFunctions.Rotation;

/// <summary>
/// Work that no caller may cancel: rotations, deletions, ticks of the timer, and clean-up that follows them. When the process is told to
/// stop, no new redemption begins (<see cref="Stopping"/>) and the work under way is awaited, for up to <c>HostOptions.ShutdownTimeout</c>.
/// </summary>
/// <remarks>
/// The Functions worker stops its gRPC channel without waiting for functions, and then disposes the services under them. So this hosted
/// service waits for them. It must be registered after the worker's own services, which are then stopped after it.
/// </remarks>
public sealed partial class BackgroundWork(ILogger<BackgroundWork> logger) : IHostedLifecycleService, IDisposable
{
    private readonly ConcurrentDictionary<Task, bool> _tasks = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Cancelled at the first sign that the process stops.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Runs work that a caller waits for, but cannot cancel.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        var task = Begin(work);
        Watch(task);
        return task;
    }

    /// <summary>Starts work that no caller waits for. A failure is logged; the timer repairs what was left.</summary>
    public void Start(Func<Task> work) => Watch(Begin(async () =>
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            LeftUndone(exception);
        }

        return true;
    }));

    /// <summary>Waits until no work is under way.</summary>
    public async Task WhenIdleAsync(CancellationToken cancellationToken)
    {
        // A task may still be listed when it has ended: what is awaited here may go on before the continuation that removes it.
        while (_tasks.Keys.Where(task => !task.IsCompleted).ToList() is { Count: > 0 } running)
        {
            await Task.WhenAny(Task.WhenAll(running)).WaitAsync(cancellationToken);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stopping.Cancel();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => WhenIdleAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    /// <summary>Begins work beside the caller, on the caller's scheduler: the thread pool, or the one thread of a simulation.</summary>
    private static Task<T> Begin<T>(Func<Task<T>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();

    private void Watch(Task task)
    {
        _tasks[task] = true;
        _ = task.ContinueWith(done => _tasks.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    [LoggerMessage(1, LogLevel.Warning, "Some clean-up failed; the timer repeats it.")]
    private partial void LeftUndone(Exception exception);
}
