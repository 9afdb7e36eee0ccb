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

    public WindowRelays(Surroundings surroundings)
    {
        _surroundings = surroundings;
        _finx = new Relay(surroundings.Sandbox.FinxAddress) { Answered = _answers.Enqueue };
        _tables = new Relay(new Uri(surroundings.Tables.TableAddress))
        {
            Sent = (beginning, at) =>
            {
                if (beginning.StartsWith('P') || beginning.StartsWith("MERGE", StringComparison.Ordinal))
                    _writes.Enqueue(at);
            },
        };
    }

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
        await operation();
        return Stopwatch.GetElapsedTime(_answers.Last(), _writes.Where(at => at > _answers.Last()).Min()).TotalSeconds;
    }

    /// <summary>Seconds between finX's last answer and a moment.</summary>
    public double SinceAnswer(long at) => Stopwatch.GetElapsedTime(_answers.Last(), at).TotalSeconds;

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
}
