using System.Collections.Concurrent;
using System.Diagnostics;

namespace FinxFunctions.Benchmarks.Hosts;

/// <summary>The relays before finX and before Azurite, and what passed them.</summary>
internal sealed class WindowRelays : IDisposable
{
    private readonly Surroundings _surroundings;
    private readonly Relay _finx;
    private readonly Relay _tables;
    private readonly ConcurrentQueue<long> _answers = [];
    private readonly ConcurrentQueue<long> _writes = [];
    private readonly ConcurrentQueue<long> _files = [];

    public WindowRelays(Surroundings surroundings)
    {
        _surroundings = surroundings;
        _finx = new Relay(surroundings.Sandbox.FinxAddress);
        OnAnswer(_ => { });
        _tables = new Relay(new Uri(surroundings.Tables.TableAddress))
        {
            Arrived = (beginning, at) =>
            {
                if (!IsWriteOfRow(beginning))
                    return;
                _writes.Enqueue(at);
                if (Journal is { } journal && Directory.EnumerateFiles(journal).Any())
                    _files.Enqueue(at); // the file was there at this time, at the latest
            },
        };
    }

    /// <summary>The journal that is looked at while the relay holds a write.</summary>
    public string? Journal { get; set; }

    public Uri FinxAddress => _finx.Address;

    public string ConnectionString => _surroundings.Tables.ConnectionString.Replace(
        new Uri(_surroundings.Tables.TableAddress).Authority, _tables.Address.Authority, StringComparison.Ordinal);

    public IReadOnlyList<KeyValuePair<string, string?>> Settings() =>
    [
        new("Finx:BaseAddress", FinxAddress.AbsoluteUri),
        new("Tables:ConnectionString", ConnectionString),
    ];

    /// <summary>Seconds between finX's last answer in an operation and the first write to a table after it.</summary>
    public async Task<double> WindowAsync(Func<Task> operation)
    {
        _answers.Clear();
        _writes.Clear();
        _files.Clear();
        await operation();
        while (_answers.IsEmpty)
            await Task.Delay(1); // the relay's thread notes the answer after it has handed it over
        return Stopwatch.GetElapsedTime(_answers.Last(), _writes.Where(at => at > _answers.Last()).Min()).TotalSeconds;
    }

    /// <summary>Notes that the journal's file was written.</summary>
    public void FileWritten() => _files.Enqueue(Stopwatch.GetTimestamp());

    /// <summary>Seconds between finX's last answer and the journal's file, at the latest, in the operation before.</summary>
    public double ToFile() => _files.Where(at => at > _answers.Last()).Order().FirstOrDefault() is > 0 and var written
        ? Stopwatch.GetElapsedTime(_answers.Last(), written).TotalSeconds
        : throw new InvalidOperationException("The journal had no file when the write of the row arrived.");

    /// <summary>Calls back on the relay's thread, at once when an answer of finX was handed over.</summary>
    public void OnAnswer(Action<long> act) => _finx.Answered = at =>
    {
        act(at);
        _answers.Enqueue(at);
    };

    public void Dispose()
    {
        _finx.Dispose();
        _tables.Dispose();
    }

    /// <summary>Whether it is a write of one row, as the one that persists an answer is. The batches and the reads of the app are not.</summary>
    private static bool IsWriteOfRow(string request)
    {
        var line = request.Split('\r', 2)[0];
        return (line.StartsWith("PUT ", StringComparison.Ordinal) || line.StartsWith("PATCH ", StringComparison.Ordinal))
            && (line.Contains("/connections(", StringComparison.Ordinal) || line.Contains("/plain(", StringComparison.Ordinal));
    }
}
