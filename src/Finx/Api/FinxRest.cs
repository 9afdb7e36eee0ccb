namespace Finx.Api;

/// <summary>
/// Whether finX is left alone for a while, after it failed for many. Over with time: a circuit breaker's own state stays open until the next
/// call, and whoever looks at it before he calls never calls again.
/// </summary>
internal sealed class FinxRest(TimeProvider time)
{
    private long _until;

    public bool IsOn => time.GetUtcNow().UtcTicks < Volatile.Read(ref _until);

    public void Begin(TimeSpan duration) => Volatile.Write(ref _until, (time.GetUtcNow() + duration).UtcTicks);
}
