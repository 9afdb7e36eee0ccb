using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Auditing;

/// <summary>Registers the services of this room.</summary>
public static class AuditingServices
{
    public static IServiceCollection AddAuditing(this IServiceCollection services, IConfiguration configuration) => services
        .AddSettings<AuditOptions>(configuration.GetSection(AuditOptions.Section), (section, options) => section.Bind(options))
        .AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsValidator>()
        .AddSingleton(NewDestination)
        .AddSingleton<AuditTrail>();

    private static IAuditDestination NewDestination(IServiceProvider provider) => provider.GetRequiredService<IOptions<AuditOptions>>().Value is { HasTables: true } options
        ? new AuditTables(TableClients.Create(provider, options.Endpoint, options.ConnectionString, "audit"))
        : new AuditLog(provider.GetRequiredService<ILoggerFactory>());
}
