using System.Collections.Concurrent;

namespace FinxFunctions.Simulation.Tests;

/// <summary>
/// Time, and the one thread on which everything happens. Ready work runs in order; then the clock jumps to the next event. So the same
/// seed gives the same run, and two years pass in seconds.
/// </summary>
/// <remarks>
/// Code that awaits with <c>ConfigureAwait(false)</c> stays on the thread only because everything it waits for is completed outside of any
/// task, by the loop itself. <see cref="Strays"/> counts continuations that came from another thread.
/// </remarks>
internal sealed class World(DateTimeOffset start)
{
    private readonly PriorityQueue<(SimulatedProcess? Process, Action Act), (DateTimeOffset At, DateTimeOffset MeantFor, long Number)> _coming = new();
    private readonly ConcurrentQueue<(SimulatedProcess Process, Action Act)> _ready = new();
    private int _thread = Environment.CurrentManagedThreadId;
    private long _number;

    public DateTimeOffset Now { get; private set; } = start;

    /// <summary>Continuations that came from another thread than the loop's.</summary>
    public int Strays { get; private set; }

    /// <summary>The stack of the first of them.</summary>
    public string? FirstStray { get; private set; }

    /// <summary>Does something later. The work of a process happens only while it lives and is not frozen.</summary>
    public void At(DateTimeOffset at, SimulatedProcess? process, Action act) => _coming.Enqueue((process, act), (at, at, _number++));

    public void After(TimeSpan delay, SimulatedProcess? process, Action act) => At(Now + delay, process, act);

    /// <summary>Lets time pass for a process, also more than <see cref="Task.Delay(TimeSpan, TimeProvider)"/> allows.</summary>
    public Task WaitAsync(TimeSpan time, SimulatedProcess process)
    {
        var passed = new TaskCompletionSource();
        After(time, process, passed.SetResult);
        return passed.Task;
    }

    /// <summary>Does something now, after the work that is ready.</summary>
    public void Soon(SimulatedProcess process, Action act)
    {
        if (process.IsDead)
        {
            // A client's own time-out, in real time, may still fire here.
            return;
        }

        if (Environment.CurrentManagedThreadId != _thread)
        {
            Strays++;
            FirstStray ??= Environment.StackTrace;
        }

        _ready.Enqueue((process, act));
    }

    /// <summary>Runs until a moment, or until something is done.</summary>
    public void RunUntil(DateTimeOffset end, Task? done = null)
    {
        _thread = Environment.CurrentManagedThreadId;
        while (true)
        {
            while (_ready.TryDequeue(out var ready))
            {
                if (!ready.Process.IsDead)
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
            if (next.Process is { IsDead: true })
            {
                continue;
            }

            if (next.Process?.FrozenUntil > Now)
            {
                _coming.Enqueue(next, when with { At = next.Process.FrozenUntil });
                continue;
            }

            next.Act();
        }
    }
}
