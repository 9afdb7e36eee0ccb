using Azure.Core;
using FinxSandbox;

namespace FinxFunctions.DevHost.Surroundings;

public static class SurroundingServices
{
    /// <summary>The setting that says how far the clock of a sandbox elsewhere is ahead.</summary>
    public const string ClockAhead = "Clock:Ahead";

    /// <summary>The sandbox's vault takes the sandbox's credential, and its finX lives by its clock. Before AddFinx, which adds its own where there is none.</summary>
    public static void AddSurroundings(this IServiceCollection services, LocalSurroundings surroundings, IConfiguration configuration)
    {
        if (surroundings.Vault is { } vault)
            services.AddSingleton<TokenCredential>(vault.Credential);
        if (surroundings.Finx is { } finx)
            services.AddSingleton<TimeProvider>(finx.Clock);
        else if (configuration.GetValue<TimeSpan?>(ClockAhead) is { } ahead)
            services.AddSingleton<TimeProvider>(ClockOf(ahead));
    }

    private static SandboxClock ClockOf(TimeSpan ahead)
    {
        var clock = new SandboxClock(TimeProvider.System);
        clock.Advance(ahead);
        return clock;
    }

    public static bool Has(this IConfiguration configuration, string key) =>
        configuration.GetSection(key) is var section && (!string.IsNullOrEmpty(section.Value) || section.GetChildren().Any());
}
