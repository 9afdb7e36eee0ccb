using Azure.Core;
using Azure.Identity;
using FinxFunctions.Accounts;
using FinxFunctions.Auditing;
using FinxFunctions.Authorization;
using FinxFunctions.Callback;
using FinxFunctions.Connections;
using FinxFunctions.Diagnostics;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Links;
using FinxFunctions.Maintenance;
using FinxFunctions.Rotation;
using FinxFunctions.State;
using FinxFunctions.Tokens;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FinxFunctions.Hosting;

/// <summary>Registers the services of all rooms.</summary>
public static class FinxFunctionsServices
{
    /// <summary>Adds every service that the trigger classes need. Nothing connects to the network before the first call.</summary>
    public static IServiceCollection AddFinxFunctions(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton(_ => NewCredential(configuration));
        return services
            .AddDiagnostics()
            .AddFinxClients(configuration)
            .AddKeyVault(configuration)
            .AddState(configuration)
            .AddAuditing(configuration)
            .AddCallers(configuration)
            .AddRotation(configuration)
            .AddLinks(configuration)
            .AddCallback()
            .AddTokens()
            .AddAccounts()
            .AddConnectionServices()
            .AddMaintenance(configuration)
            .AddHealth()
            .AddHostedService<WarmUp>();
    }

    private static TokenCredential NewCredential(IConfiguration configuration) => configuration["AZURE_CLIENT_ID"] is { Length: > 0 } clientId
        ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId))
        : new DefaultAzureCredential();
}
