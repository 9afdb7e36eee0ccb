namespace FinxFunctions.Finx;

/// <summary>
/// The while for which finX is left alone after it failed for many. The circuit breaker's own state does not tell when that is over: it stays
/// open until the next call comes, and who asks it first would never make one.
/// </summary>
public sealed class FinxCircuit(TimeProvider time)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private long _untilTicks;

    public bool IsOpen => time.GetUtcNow().UtcTicks < Volatile.Read(ref _untilTicks);

    /// <summary>Begins it; how long it lasts.</summary>
    public TimeSpan Open()
    {
        Volatile.Write(ref _untilTicks, (time.GetUtcNow() + Length).UtcTicks);
        return Length;
    }
}
