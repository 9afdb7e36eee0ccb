using FinxFunctions.Primitives;

namespace FinxFunctions.Authorization;

/// <summary>Registers the services of this room.</summary>
public static class AuthorizationServices
{
    public static IServiceCollection AddCallers(this IServiceCollection services, IConfiguration configuration) => services
        .AddSettings<CallerOptions>(configuration.GetSection(CallerOptions.Section), (section, options) => section.Bind(options))
        .AddSingleton<CallerReader>();
}
