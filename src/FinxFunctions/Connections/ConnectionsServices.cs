namespace FinxFunctions.Connections;

/// <summary>Registers the services of this room.</summary>
public static class ConnectionsServices
{
    public static IServiceCollection AddConnectionServices(this IServiceCollection services) => services
        .AddSingleton<DeletionLease>()
        .AddSingleton<LinkRemoval>()
        .AddSingleton<SecretRemoval>()
        .AddSingleton<TokenRevocation>()
        .AddSingleton<Tombstones>()
        .AddSingleton<DeletionSteps>()
        .AddSingleton<ConnectionDeletion>()
        .AddSingleton<CallerDeletion>()
        .AddSingleton<ShownConnection>()
        .AddSingleton<ConnectionService>();
}
