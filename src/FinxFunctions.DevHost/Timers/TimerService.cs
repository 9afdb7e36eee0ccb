using FinxFunctions.DevHost.Triggers;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.DevHost.Timers;

/// <summary>Runs every [TimerTrigger] while the host runs. A stop waits for the runs that have begun.</summary>
public sealed class TimerService(IServiceProvider services, IConfiguration configuration, TimeProvider clock, ILogger<TimerService> logger) : BackgroundService
{
    // Not read before the settings are validated, which reports a wrong schedule together with all other wrong settings.
    private readonly Lazy<IReadOnlyList<TimerFunction>> _functions = new(() =>
    [
        .. from function in TriggeredFunctions.All<TimerTriggerAttribute>()
           let schedule = TimerSchedule.Parse(function.Trigger.Schedule, configuration, function.Name)
           select new TimerFunction(function, schedule, services, clock, logger),
    ]);

    public IReadOnlyList<TimerFunction> Functions => _functions.Value;

    public override void Dispose()
    {
        if (_functions.IsValueCreated)
        {
            foreach (var function in Functions)
                function.Dispose();
        }

        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Functions.Select(function => function.RunAsync(stoppingToken)));
}
