using System.Globalization;

namespace FinxFunctions.Simulation.Tests;

/// <summary>The last events of each connection, for the report of a violation.</summary>
internal sealed class History(World world)
{
    private const int Length = 250;

    private readonly Dictionary<string, Queue<(DateTimeOffset At, int Host, string What, object? Detail)>> _events = [];

    /// <summary>Adds an event of a connection. Its text is made only if it is read.</summary>
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
