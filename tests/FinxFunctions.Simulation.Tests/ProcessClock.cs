namespace FinxFunctions.Simulation.Tests;

/// <summary>The world's time as a process sees it. The timers of a process end with it.</summary>
internal sealed class ProcessClock(World world, SimulatedProcess host) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => world.Now + host.ClockOffset;

    public override long GetTimestamp() => world.Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HostTimer(world, host, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class HostTimer(World world, SimulatedProcess host, Action callback) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var setting = ++_setting;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                world.After(dueTime, host, () => Ring(setting, period));
            }

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
            {
                return;
            }

            if (period > TimeSpan.Zero)
            {
                Change(period, period);
            }

            callback();
        }
    }
}
