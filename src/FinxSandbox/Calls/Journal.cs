namespace FinxSandbox.Calls;

/// <summary>Every call to finX, the vaults and the managed identity. An entry is written before the answer is sent.</summary>
public sealed class Journal(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<JournalEntry> _entries = [];
    private long _sequence;

    /// <summary>The stored entries, in order of arrival.</summary>
    public IReadOnlyList<JournalEntry> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries.OrderBy(entry => entry.Sequence)];
        }
    }

    /// <summary>The entries of one operation, in order of arrival.</summary>
    public IReadOnlyList<JournalEntry> Of(string operation) => [.. Entries.Where(entry => entry.Operation == operation)];

    public void Clear()
    {
        lock (_gate)
            _entries.Clear();
    }

    internal long NextSequence() => Interlocked.Increment(ref _sequence);

    internal void Add(JournalEntry entry)
    {
        lock (_gate)
        {
            _entries.Enqueue(entry);
            while (_entries.Count > capacity)
                _entries.Dequeue();
        }
    }
}
