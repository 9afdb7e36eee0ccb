using Azure.Data.Tables;
using FinxFunctions.Primitives;

namespace FinxFunctions.State;

/// <summary>Registers the services of this room.</summary>
public static class StateServices
{
    public static IServiceCollection AddState(this IServiceCollection services, IConfiguration configuration) => services
        .AddSettings<TableOptions>(configuration.GetSection(TableOptions.Section), (section, options) => section.Bind(options))
        .AddSingleton<IValidateOptions<TableOptions>, TableOptionsValidator>()
        .AddSingleton(NewClient)
        .AddSingleton<StateTables>()
        .AddSingleton<UnreadableRows>()
        .AddSingleton<KnownVaults>()
        .AddSingleton<ConnectionStore>()
        .AddSingleton<RotationSchedule>()
        .AddSingleton<RequestIndex>()
        .AddSingleton<LookupKey>()
        .AddSingleton<UserIds>();

    private static TableServiceClient NewClient(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<TableOptions>>().Value;
        return TableClients.Create(provider, options.Endpoint, options.ConnectionString, "table_storage");
    }
}
