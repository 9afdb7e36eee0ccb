using FinxFunctions.DevHost.Triggers;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.DevHost.Timers;

/// <summary>Runs every [TimerTrigger] for as long as the host runs; stopping waits for the runs under way.</summary>
public sealed class TimerService(IServiceProvider services, IConfiguration configuration, TimeProvider clock, ILogger<TimerService> logger) : BackgroundService
{
    public IReadOnlyList<TimerFunction> Functions { get; } =
    [
        .. from function in TriggeredFunctions.All<TimerTriggerAttribute>()
           let schedule = TimerSchedule.Parse(function.Trigger.Schedule, configuration, function.Name)
           select new TimerFunction(function, schedule, services, clock, logger),
    ];

    public override void Dispose()
    {
        foreach (var function in Functions)
            function.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Functions.Select(function => function.RunAsync(stoppingToken)));
}
