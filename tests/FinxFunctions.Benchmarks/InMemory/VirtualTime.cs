using System.Collections.Concurrent;

namespace FinxFunctions.Benchmarks.InMemory;

/// <summary>
/// A clock that moves to the next timer when no work is left, and one thread for all work. Hours pass in seconds, and the code sees them as
/// hours.
/// </summary>
internal sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    /// <summary>How long work that left the thread may take to return.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly PriorityQueue<Action, (DateTimeOffset At, long Number)> _coming = new();
    private readonly ConcurrentQueue<Action> _ready = new();
    private DateTimeOffset _now = start;
    private long _number;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs work to its end.</summary>
    public void Run(Func<Task> work)
    {
        var running = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, new Scheduler(this)).Unwrap();
        while (!running.IsCompleted)
        {
            if (_ready.TryDequeue(out var act))
            {
                act();
            }
            else if (_coming.TryDequeue(out act, out var when))
            {
                _now = when.At > _now ? when.At : _now;
                act();
            }
            else if (!SpinWait.SpinUntil(() => !_ready.IsEmpty || running.IsCompleted, Patience))
            {
                throw new InvalidOperationException("Everything waits, and for nothing.");
            }
        }

        running.GetAwaiter().GetResult();
    }

    private void After(TimeSpan delay, Action act) => _coming.Enqueue(act, (_now + delay, _number++));

    // Does not say that it has one thread: a parallel loop would take that for its own limit.
    private sealed class Scheduler(VirtualTime time) : TaskScheduler
    {
        protected override void QueueTask(Task task) => time._ready.Enqueue(() => TryExecuteTask(task));

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }

    private sealed class VirtualTimer(VirtualTime time, Action callback) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var setting = ++_setting;
            if (dueTime != Timeout.InfiniteTimeSpan)
                time.After(dueTime, () => Ring(setting, period));
            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Ring(int setting, TimeSpan period)
        {
            if (setting != _setting)
                return;
            if (period > TimeSpan.Zero)
                Change(period, period);
            callback();
        }
    }
}
