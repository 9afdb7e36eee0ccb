using System.Collections.Concurrent;

namespace FinxFunctions.Rotation;

/// <summary>Work that no caller may cancel: a token that is being spent, and what is put in order afterwards. A shutdown waits for it.</summary>
public sealed partial class BackgroundWork(ILogger<BackgroundWork> logger) : IHostedService
{
    private readonly ConcurrentDictionary<Task, bool> _tasks = new();

    /// <summary>Starts work and keeps an eye on it.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        var task = Start(work);
        Watch(task);
        return task;
    }

    /// <summary>Starts work whose failure is logged and otherwise harmless: something later repairs it.</summary>
    public void Start(Func<Task> work) => Watch(Start(async () =>
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

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        while (!_tasks.IsEmpty)
        {
            await Task.WhenAny(Task.WhenAll(_tasks.Keys)).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Begins work beside the caller, on the caller's scheduler: the thread pool, or the one thread of a simulation.</summary>
    private static Task<T> Start<T>(Func<Task<T>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();

    private void Watch(Task task)
    {
        _tasks[task] = true;
        _ = task.ContinueWith(done => _tasks.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    [LoggerMessage(1, LogLevel.Warning, "Something was left for the timer to put in order.")]
    private partial void LeftUndone(Exception exception);
}
