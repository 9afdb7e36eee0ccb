using FunctionsHost.Functions;

namespace FunctionsHost.Http;

/// <summary>The limits of host.json: so many HTTP functions run at once, and so many may run or wait.</summary>
internal sealed class HttpThrottle(HostFile file) : IDisposable
{
    private readonly SemaphoreSlim? _running = file.MaxConcurrentRequests is { } concurrent ? new(concurrent) : null;
    private int _outstanding;

    /// <returns>False where there are too many already.</returns>
    public async Task<bool> RunAsync(Func<Task> function, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _outstanding) > file.MaxOutstandingRequests)
                return false;

            if (_running is not null)
                await _running.WaitAsync(cancellationToken);
            try
            {
                await function();
                return true;
            }
            finally
            {
                _running?.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _outstanding);
        }
    }

    public void Dispose() => _running?.Dispose();
}
