namespace FinxFunctions.Finx;

/// <summary>
/// How long the circuit to finX stays open after many failures. The circuit breaker's own state does not say: it stays open until the next
/// call, and a caller that asks first would never make one.
/// </summary>
public sealed class FinxCircuit(TimeProvider time)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    private long _untilTicks;

    public bool IsOpen => time.GetUtcNow().UtcTicks < Volatile.Read(ref _untilTicks);

    /// <summary>Opens the circuit, and returns for how long.</summary>
    public TimeSpan Open()
    {
        Volatile.Write(ref _untilTicks, (time.GetUtcNow() + Length).UtcTicks);
        return Length;
    }
}
