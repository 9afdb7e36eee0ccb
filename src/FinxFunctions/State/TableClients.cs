using Azure.Core;
using Azure.Data.Tables;
using FinxFunctions.Diagnostics;
using FinxFunctions.Primitives;

namespace FinxFunctions.State;

/// <summary>Makes clients of Table Storage.</summary>
public static class TableClients
{
    /// <summary>A client of one storage account. It is reached by the app's identity or, if a connection string is given, by that.</summary>
    /// <param name="dependency">The account's name in metrics.</param>
    public static TableServiceClient Create(IServiceProvider provider, Uri? endpoint, string? connectionString, string dependency)
    {
        var clientOptions = new TableClientOptions();
        AzureRetry.Apply(clientOptions);
        clientOptions.AddPolicy(new ThrottlingCounter(provider.GetRequiredService<FinxMetrics>(), dependency), HttpPipelinePosition.PerRetry);
        clientOptions.AddPolicy(new ScanTimeout(), HttpPipelinePosition.PerCall);
        return connectionString is { Length: > 0 }
            ? new TableServiceClient(connectionString, clientOptions)
            : new TableServiceClient(endpoint!, provider.GetRequiredService<TokenCredential>(), clientOptions);
    }
}
