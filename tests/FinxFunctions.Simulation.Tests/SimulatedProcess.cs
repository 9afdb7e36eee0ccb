namespace FinxFunctions.Simulation.Tests;

/// <summary>A process: alive, frozen or dead. A dead one never does anything again.</summary>
internal sealed class SimulatedProcess
{
    private readonly World _world;
    private readonly TaskFactory _tasks;
    private readonly HashSet<Action> _waiting = [];

    public SimulatedProcess(World world, int number)
    {
        (_world, Number) = (world, number);
        Clock = new ProcessClock(world, this);
        _tasks = new TaskFactory(new ProcessScheduler(world, this));
    }

    public int Number { get; }

    public TimeProvider Clock { get; }

    public IServiceProvider Services { get; set; } = null!;

    public bool IsDead { get; private set; }

    public DateTimeOffset FrozenUntil { get; private set; }

    /// <summary>How far its clock is off.</summary>
    public TimeSpan ClockOffset { get; set; }

    /// <summary>Whether requests are still sent to it.</summary>
    public bool IsServing { get; set; } = true;

    public void Die()
    {
        (IsDead, IsServing) = (true, false);
        foreach (var giveUp in _waiting.ToList())
        {
            giveUp();
        }
    }

    /// <summary>Stops everything in it for a while, as a debugger, paging or the migration of a virtual machine does.</summary>
    public void Freeze(TimeSpan duration) => FrozenUntil = _world.Now + duration;

    /// <summary>Runs work in the process. If the process dies, the caller's task fails at once.</summary>
    /// <exception cref="ProcessKilledException">The process died before it answered.</exception>
    public Task<T> AskAsync<T>(Func<IServiceProvider, Task<T>> request)
    {
        var answer = new TaskCompletionSource<T>();
        void GiveUp() => answer.TrySetException(new ProcessKilledException());
        if (IsDead)
        {
            GiveUp();
            return answer.Task;
        }

        _waiting.Add(GiveUp);
        _ = _tasks.StartNew(async () =>
        {
            Flow.Current = new Flow();
            try
            {
                answer.TrySetResult(await request(Services));
            }
            catch (Exception exception)
            {
                answer.TrySetException(exception);
            }
            finally
            {
                _waiting.Remove(GiveUp);
            }
        });
        return answer.Task;
    }
}
