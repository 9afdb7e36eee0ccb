namespace FunctionsHost;

/// <summary>Lines in the order in which they came, for any thread to add to and to wait for.</summary>
/// <param name="onLine">Called with each line.</param>
/// <param name="keeps">False forgets each line at once, for a host that runs long: then none is listed, and none found.</param>
public sealed class Transcript(Action<string>? onLine = null, bool keeps = true)
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _more = NewSignal();

    /// <summary>All lines so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    public void Add(string line)
    {
        TaskCompletionSource more;
        lock (_lock)
        {
            if (keeps)
                _lines.Add(line);
            more = _more;
            _more = NewSignal();
        }
        onLine?.Invoke(line);
        more.SetResult();
    }

    /// <summary>The first line, of those that came already and those to come, that is what the caller waits for.</summary>
    public async Task<string> WaitForAsync(Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        for (var seen = 0; ; seen++)
        {
            Task? more = null;
            lock (_lock)
            {
                var index = _lines.FindIndex(seen, line => isWanted(line));
                if (index >= 0)
                    return _lines[index];

                seen = _lines.Count - 1;
                more = _more.Task;
            }
            await more.WaitAsync(cancellationToken);
        }
    }

    public override string ToString() => string.Join('\n', Lines);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
