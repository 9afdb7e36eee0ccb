namespace FinxSandbox.Faults;

/// <summary>An active rule.</summary>
public sealed class ActiveFault
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Random _random;
    private readonly DateTimeOffset _begins;
    private int _skipped;
    private int _applied;

    internal ActiveFault(string id, FaultRule rule, DateTimeOffset now)
    {
        (Id, Rule, _begins) = (id, rule, now + rule.After);
        _random = rule.Seed is { } seed ? new Random(seed) : new Random();
    }

    public string Id { get; }

    public FaultRule Rule { get; }

    /// <summary>The number of calls with this fault so far.</summary>
    public int Applied => _applied;

    /// <summary>The number of calls that will still have it; null for all.</summary>
    public int? Remaining => Rule.Times - _applied;

    /// <summary>Completes when the first call has met the rule, before it acts.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Completes when the rule is removed. That ends the silence of the calls that met it.</summary>
    internal Task Removed => _removed.Task;

    /// <summary>Whether the rule's time is over.</summary>
    internal bool IsOver(DateTimeOffset now) => Rule.For is { } lasts && now >= _begins + lasts;

    internal bool IsInTime(DateTimeOffset now) => now >= _begins && !IsOver(now);

    internal void Remove() => _removed.TrySetResult();

    /// <summary>Counts a matching call; true if it has the fault. Called under the lock of <see cref="FaultRules"/>.</summary>
    internal bool Claim()
    {
        if (Remaining is <= 0)
            return false;
        if (_skipped < Rule.Skip)
        {
            _skipped++;
            return false;
        }
        if (Rule.Probability < 1 && _random.NextDouble() >= Rule.Probability)
            return false;

        _applied++;
        _reached.TrySetResult();
        return true;
    }
}
