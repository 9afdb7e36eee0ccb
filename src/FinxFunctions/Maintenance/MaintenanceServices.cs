namespace FinxFunctions.Maintenance;

/// <summary>Registers the services of this room.</summary>
public static class MaintenanceServices
{
    public static IServiceCollection AddMaintenance(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TimerOptions>().Configure(options => options.RotationSchedule = configuration["RotationSchedule"]).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<TimerOptions>, TimerOptionsValidator>()
            .AddSingleton<AbandonedConnections>()
            .AddSingleton<DueRotation>()
            .AddSingleton<DueActions>()
            .AddSingleton<RetiredData>()
            .AddSingleton<NextReconciliation>()
            .AddSingleton<TimerBackoff>()
            .AddSingleton<Rescheduling>()
            .AddSingleton<ConnectionReconciler>()
            .AddSingleton<ScheduleResync>()
            .AddSingleton<ExpiredRequests>()
            .AddSingleton<TickUpkeep>()
            .AddSingleton<DueReconciliation>()
            .AddSingleton<TickLimits>()
            .AddSingleton<TickWork>()
            .AddSingleton<DueEntries>()
            .AddSingleton<RotationTimer>();
    }
}
