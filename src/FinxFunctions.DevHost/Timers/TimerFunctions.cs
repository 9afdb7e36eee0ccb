namespace FinxFunctions.DevHost.Timers;

public static class TimerFunctions
{
    public static void AddHostedTimers(this IServiceCollection services)
    {
        services.AddSingleton<TimerService>();
        services.AddHostedService(provider => provider.GetRequiredService<TimerService>());
    }
}
