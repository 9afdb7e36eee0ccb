using System.Reflection;
using FinxFunctions.DevHost.Triggers;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.DevHost.Timers;

/// <summary>
/// Runs one timer function on its schedule and on request, never twice at the same time. If a run takes longer than the schedule's interval,
/// one of the missed runs is made up for, as in the Functions host.
/// </summary>
public sealed partial class TimerFunction(TriggeredFunction<TimerTriggerAttribute> function, TimerSchedule schedule, IServiceProvider services, TimeProvider clock, ILogger logger) : IDisposable
{
    // A sandbox or a test may move the clock by weeks. So the clock is read this often.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);

    private readonly SemaphoreSlim _requests = new(0);

    public string Name => function.Name;

    public string Schedule => schedule.Expression;

    /// <summary>Runs the function now, or when the current run ends.</summary>
    public void RunNow() => _requests.Release();

    public async Task RunAsync(CancellationToken stopping)
    {
        var now = clock.GetUtcNow();
        if (function.Trigger.RunOnStartup)
            await InvokeAsync(now, schedule.Next(now), stopping);

        var last = now;
        var due = schedule.Next(now);
        while (true)
        {
            var isRequested = await _requests.WaitAsync(Wait(due - clock.GetUtcNow()), stopping);
            now = clock.GetUtcNow();
            var isDue = now >= due;
            last = isDue ? now : last;
            due = schedule.Next(now); // unchanged, unless it is due or the clock was moved back
            if (isDue || isRequested)
                await InvokeAsync(last, due, stopping);
        }
    }

    public void Dispose() => _requests.Dispose();

    private static TimeSpan Wait(TimeSpan untilDue) => untilDue < ShortestWait ? ShortestWait : untilDue > LongestWait ? LongestWait : untilDue;

    private async Task InvokeAsync(DateTimeOffset last, DateTimeOffset next, CancellationToken stopping)
    {
        var timer = new TimerInfo
        {
            ScheduleStatus = function.Trigger.UseMonitor ? new() { Last = last.UtcDateTime, Next = next.UtcDateTime, LastUpdated = last.UtcDateTime } : null,
        };
        try
        {
            await using var scope = services.CreateAsyncScope();
            object?[] arguments = [.. function.Method.GetParameters().Select(parameter => Argument(parameter, timer, stopping))];
            var run = function.Method.Invoke(function.CreateInstance(scope.ServiceProvider), BindingFlags.DoNotWrapExceptions, null, arguments, null);
            await (run as Task ?? Task.CompletedTask);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            LogFailure(logger, exception, Name, next);
        }
    }

    private static object Argument(ParameterInfo parameter, TimerInfo timer, CancellationToken stopping) =>
        parameter.ParameterType == typeof(CancellationToken) ? stopping : timer;

    [LoggerMessage(90, LogLevel.Error, "{Function} failed. It runs again at {Next:O}.")]
    private static partial void LogFailure(ILogger logger, Exception exception, string function, DateTimeOffset next);
}
