namespace FinxSandbox;

/// <summary>
/// The sandbox's clock: the time of <paramref name="source"/> plus an offset that can be changed.
/// It runs like any clock; its timers and timestamps are those of real time.
/// </summary>
public sealed class SandboxClock(TimeProvider source) : TimeProvider
{
    private long _offset;

    /// <summary>How far the clock is ahead of its source.</summary>
    public TimeSpan Offset => new(Interlocked.Read(ref _offset));

    public override DateTimeOffset GetUtcNow() => source.GetUtcNow() + Offset;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);

    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref _offset, (now - source.GetUtcNow()).Ticks);
}
