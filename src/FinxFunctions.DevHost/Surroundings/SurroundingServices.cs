using Azure.Core;

namespace FinxFunctions.DevHost.Surroundings;

internal static class SurroundingServices
{
    /// <summary>The sandbox's vault takes the sandbox's credential, and its finX lives by its clock. Before AddFinx, which adds its own where there is none.</summary>
    public static void AddSurroundings(this IServiceCollection services, LocalSurroundings surroundings)
    {
        if (surroundings.Vault is { } vault)
            services.AddSingleton<TokenCredential>(vault.Credential);
        if (surroundings.Finx is { } finx)
            services.AddSingleton<TimeProvider>(finx.Clock);
    }

    public static bool Has(this IConfiguration configuration, string key) =>
        configuration.GetSection(key) is var section && (!string.IsNullOrEmpty(section.Value) || section.GetChildren().Any());
}
