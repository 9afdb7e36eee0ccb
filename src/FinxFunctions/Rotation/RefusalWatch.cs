namespace FinxFunctions.Rotation;

/// <summary>
/// What finX answered for the connections of this process lately: refused, or a new pair. Where unusually many connections are refused at
/// once, finX or this client has a problem, and the refusals say nothing about the tokens.
/// </summary>
public sealed class RefusalWatch(TimeProvider time)
{
    /// <summary>How long an answer counts.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>Fewer connections than this are never unusual.</summary>
    private const int FewestRefused = 5;

    /// <summary>At one refused connection in so many, refusals are unusual.</summary>
    private const int UsualShare = 5;

    /// <summary>More answers than the timer gets in a window. Older ones are forgotten.</summary>
    private const int Capacity = 20_000;

    private readonly Lock _gate = new();
    private readonly Queue<(string ConnectionId, DateTimeOffset At)> _order = new();
    private readonly Dictionary<string, (DateTimeOffset At, bool IsRefused)> _answers = [];
    private int _refused;

    /// <summary>When finX last gave a new pair for a refresh token; null where this process has seen none.</summary>
    public DateTimeOffset? LastRotation { get; private set; }

    /// <summary>Whether unusually many connections are refused: at least five of them, and a fifth of all, within ten minutes.</summary>
    public bool IsUnusual
    {
        get
        {
            lock (_gate)
            {
                Forget(time.GetUtcNow());
                return _refused >= FewestRefused && _refused * UsualShare >= _answers.Count;
            }
        }
    }

    /// <summary>finX refused the token of a connection.</summary>
    public void Refused(string connectionId) => Add(connectionId, isRefused: true);

    /// <summary>finX gave a new pair for a connection.</summary>
    public void Rotated(string connectionId) => Add(connectionId, isRefused: false);

    private void Add(string connectionId, bool isRefused)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            LastRotation = isRefused ? LastRotation : now;
            Remove(connectionId);
            _answers[connectionId] = (now, isRefused);
            _order.Enqueue((connectionId, now));
            _refused += isRefused ? 1 : 0;
            Forget(now);
        }
    }

    private void Forget(DateTimeOffset now)
    {
        while (_order.TryPeek(out var oldest) && (now - oldest.At >= Window || _order.Count > Capacity))
        {
            _order.Dequeue();
            if (_answers.TryGetValue(oldest.ConnectionId, out var answer) && answer.At == oldest.At)
            {
                Remove(oldest.ConnectionId);
            }
        }
    }

    private void Remove(string connectionId) => _refused -= _answers.Remove(connectionId, out var former) && former.IsRefused ? 1 : 0;
}
