namespace FinxFunctions.Connections;

/// <summary>Registers the services of this room.</summary>
public static class ConnectionsServices
{
    public static IServiceCollection AddConnectionServices(this IServiceCollection services) => services
        .AddSingleton<DeletionLease>()
        .AddSingleton<TokenRevocation>()
        .AddSingleton<Tombstones>()
        .AddSingleton<DeletionSteps>()
        .AddSingleton<ConnectionDeletion>()
        .AddSingleton<ConnectionService>();
}
