namespace FinxSandbox.Faults;

/// <summary>An active rule.</summary>
public sealed class ActiveFault
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _skipped;
    private int _applied;

    internal ActiveFault(string id, FaultRule rule) => (Id, Rule) = (id, rule);

    public string Id { get; }

    public FaultRule Rule { get; }

    /// <summary>The number of calls with this fault so far.</summary>
    public int Applied => _applied;

    /// <summary>The number of calls that will still have it; null for all.</summary>
    public int? Remaining => Rule.Times - _applied;

    /// <summary>Completes when the first call has met the rule, before it acts.</summary>
    public Task Reached => _reached.Task;

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

        _applied++;
        _reached.TrySetResult();
        return true;
    }
}
