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
    private readonly ConcurrentQueue<DateTime> _files = [];
    private DateTime _answeredAt;

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
                    _files.Enqueue(Directory.GetLastWriteTimeUtc(journal));
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

        // Linux stamps the next change of an inode precisely only if its time was read since the last one. Otherwise it is some ms old.
        if (Journal is not null)
            _ = Directory.GetLastWriteTimeUtc(Journal);
        await operation();
        return Stopwatch.GetElapsedTime(_answers.Last(), _writes.Where(at => at > _answers.Last()).Min()).TotalSeconds;
    }

    /// <summary>Seconds between finX's last answer and the making of the journal's file, in the operation before.</summary>
    public double ToFile() => _files.TryPeek(out var made)
        ? (made - _answeredAt).TotalSeconds
        : throw new InvalidOperationException("The journal had no file when the write of the row arrived.");

    /// <summary>Calls back on the relay's thread, at once when an answer of finX was handed over.</summary>
    public void OnAnswer(Action<long> act) => _finx.Answered = at =>
    {
        act(at);
        _answeredAt = DateTime.UtcNow - Stopwatch.GetElapsedTime(at);
        _answers.Enqueue(at);
    };

    /// <summary>Whether it is a write of one row, as the one that persists an answer is. The batches and the reads of the app are not.</summary>
    private static bool IsWriteOfRow(string request)
    {
        var line = request.Split('\r', 2)[0];
        return (line.StartsWith("PUT ", StringComparison.Ordinal) || line.StartsWith("PATCH ", StringComparison.Ordinal))
            && (line.Contains("/connections(", StringComparison.Ordinal) || line.Contains("/plain(", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _finx.Dispose();
        _tables.Dispose();
    }
}
