using System.Globalization;

namespace FinxFunctions.Simulation.Tests;

/// <summary>What happened to each connection lately, to be read when something is wrong with it.</summary>
internal sealed class History(World world)
{
    private const int Length = 250;

    private readonly Dictionary<string, Queue<(DateTimeOffset At, int Host, string What, object? Detail)>> _events = [];

    /// <summary>Notes an event of a connection; it is put into words only if somebody reads it.</summary>
    public void Note(string connectionId, int host, string what, object? detail = null)
    {
        if (connectionId.Length == 0)
        {
            return;
        }

        if (!_events.TryGetValue(connectionId, out var events))
        {
            _events[connectionId] = events = new Queue<(DateTimeOffset, int, string, object?)>();
        }

        if (events.Count == Length)
        {
            events.Dequeue();
        }

        events.Enqueue((world.Now, host, what, detail));
    }

    /// <summary>The last events of a connection, a line each.</summary>
    public string Of(string connectionId) => string.Join('\n', _events.GetValueOrDefault(connectionId, [])
        .Select(@event => string.Create(CultureInfo.InvariantCulture, $"  {@event.At:yyyy-MM-dd HH:mm:ss.fff} host {@event.Host}: {@event.What} {@event.Detail}")));
}
