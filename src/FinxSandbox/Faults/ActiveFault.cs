namespace FinxSandbox.Faults;

/// <summary>A rule in force.</summary>
public sealed class ActiveFault
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _skipped;
    private int _applied;

    internal ActiveFault(string id, FaultRule rule) => (Id, Rule) = (id, rule);

    public string Id { get; }

    public FaultRule Rule { get; }

    /// <summary>Calls spoiled so far.</summary>
    public int Applied => _applied;

    /// <summary>Calls still to spoil; null for no end.</summary>
    public int? Remaining => Rule.Times - _applied;

    /// <summary>Ends when the first call has run into the rule, before it acts.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Counts a matching call; true if it is to be spoiled. Called under the lock of <see cref="FaultRules"/>.</summary>
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
