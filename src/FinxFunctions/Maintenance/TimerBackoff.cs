using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>When the timer comes back to a connection that failed: after about a minute at first, after an hour at most, and before its deadline.</summary>
public sealed class TimerBackoff(TimeProvider time, Random random)
{
    private const int MostDoublings = 10;

    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The entry for the next time. It is due a quarter of the time earlier that is left until its deadline, so that some tries are left.</summary>
    public DueEntry Next(DueEntry entry)
    {
        var now = time.GetUtcNow();
        var backoff = Shorter(First * Math.Pow(2, Math.Min(entry.Failures, MostDoublings)), Longest);
        if (entry.Deadline - now is { } left && left > TimeSpan.Zero)
        {
            backoff = Shorter(backoff, left / 4 > First ? left / 4 : Shorter(First, left));
        }

        return entry with { At = now + (backoff * (0.75 + (0.25 * random.NextDouble()))), Failures = entry.Failures + 1 };
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
