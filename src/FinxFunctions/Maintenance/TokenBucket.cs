namespace FinxFunctions.Maintenance;

/// <summary>Lets through so much a second, by the clock; a second's worth at once after a rest.</summary>
public sealed class TokenBucket(int perSecond, TimeProvider time)
{
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1) / perSecond;
    private readonly Lock _gate = new();
    private DateTimeOffset _next = time.GetUtcNow() - Burst;

    /// <summary>Waits for its turn.</summary>
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
