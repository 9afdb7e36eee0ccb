using System.Collections.Concurrent;

namespace FinxFunctions.Simulation.Tests;

/// <summary>
/// Time and the one thread on which everything happens: what is ready runs in order, then the clock jumps to what comes next. So the same
/// seed gives the same run, and two years pass in seconds.
/// </summary>
/// <remarks>
/// Code that awaits with <c>ConfigureAwait(false)</c> stays on the thread only because whatever it waits for is completed outside of any
/// task, by the loop itself. <see cref="Strays"/> counts what came from another thread all the same.
/// </remarks>
internal sealed class World(DateTimeOffset start)
{
    private readonly PriorityQueue<(SimulatedProcess? Owner, Action Act), (DateTimeOffset At, DateTimeOffset MeantFor, long Number)> _coming = new();
    private readonly ConcurrentQueue<(SimulatedProcess Owner, Action Act)> _ready = new();
    private int _thread = Environment.CurrentManagedThreadId;
    private long _number;

    public DateTimeOffset Now { get; private set; } = start;

    /// <summary>Things that came from another thread than the loop's.</summary>
    public int Strays { get; private set; }

    /// <summary>Where the first of them came from.</summary>
    public string? FirstStray { get; private set; }

    /// <summary>Does something later. What belongs to a host happens only while it lives, and not while it is frozen.</summary>
    public void At(DateTimeOffset at, SimulatedProcess? owner, Action act) => _coming.Enqueue((owner, act), (at, at, _number++));

    public void After(TimeSpan delay, SimulatedProcess? owner, Action act) => At(Now + delay, owner, act);

    /// <summary>Lets time pass for a host; more of it than <see cref="Task.Delay(TimeSpan, TimeProvider)"/> takes, too.</summary>
    public Task WaitAsync(TimeSpan time, SimulatedProcess owner)
    {
        var passed = new TaskCompletionSource();
        After(time, owner, passed.SetResult);
        return passed.Task;
    }

    /// <summary>Does something in its turn, now.</summary>
    public void Soon(SimulatedProcess owner, Action act)
    {
        if (owner.IsDead)
        {
            // A client's own time-out, by the clock on the wall, may still ring in what is left of it.
            return;
        }

        if (Environment.CurrentManagedThreadId != _thread)
        {
            Strays++;
            FirstStray ??= Environment.StackTrace;
        }

        _ready.Enqueue((owner, act));
    }

    /// <summary>Runs until a moment, or until something is done.</summary>
    public void RunUntil(DateTimeOffset end, Task? done = null)
    {
        _thread = Environment.CurrentManagedThreadId;
        while (true)
        {
            while (_ready.TryDequeue(out var ready))
            {
                if (!ready.Owner.IsDead)
                {
                    ready.Act();
                }
            }

            if (done is { IsCompleted: true })
            {
                return;
            }

            if (!_coming.TryPeek(out var next, out var when) || when.At > end)
            {
                Now = end;
                return;
            }

            _coming.Dequeue();
            Now = when.At;
            if (next.Owner is { IsDead: true })
            {
                continue;
            }

            if (next.Owner?.FrozenUntil > Now)
            {
                _coming.Enqueue(next, when with { At = next.Owner.FrozenUntil });
                continue;
            }

            next.Act();
        }
    }
}
