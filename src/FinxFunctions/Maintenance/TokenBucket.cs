namespace FinxFunctions.Maintenance;

/// <summary>Limits a rate, with a burst of one second's worth after a pause. Waits by a TimeProvider, which the limiters of System.Threading.RateLimiting cannot.</summary>
public sealed class TokenBucket(int perSecond, TimeProvider time)
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1) / perSecond;
    private readonly Lock _gate = new();
    private DateTimeOffset _next = time.GetUtcNow() - Burst;

    /// <summary>Waits until the rate allows one more.</summary>
    public Task TakeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var turn = _next > now - Burst ? _next : now - Burst;
            _next = turn + _interval;
            return turn > now ? Task.Delay(turn - now, time, cancellationToken) : Task.CompletedTask;
        }
    }
}
