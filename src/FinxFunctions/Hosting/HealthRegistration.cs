namespace FinxFunctions.Hosting;

/// <summary>Registers the health checks: one for each dependency, under its name in the HTTP contract.</summary>
public static class HealthRegistration
{
    /// <summary>A dependency that does not answer for this long is unhealthy.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck<TableStorageHealthCheck>("table_storage", timeout: Timeout)
            .AddCheck<KeyVaultHealthCheck>("key_vault", timeout: Timeout)
            .AddCheck<FinxHealthCheck>("finx", timeout: Timeout);

        // A failed check is not an error of this service. The metric finx.health reports it, and alerts watch that.
        services.AddLogging(logging => logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
        return services.AddSingleton<HealthMemory>();
    }
}
