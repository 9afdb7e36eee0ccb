using Azure.Core;
using FinxSandbox;

namespace FinxFunctions.DevHost.Local;

public static class LocalServicesRegistration
{
    /// <summary>The setting with the offset of the clock of another process's sandbox.</summary>
    public const string ClockAhead = "Clock:Ahead";

    /// <summary>Adds the credential that the sandbox's vault accepts, and the clock of the sandbox's finX. To be called before AddFinxFunctions, which adds its own if there is none.</summary>
    public static void AddLocalServices(this IServiceCollection services, LocalServices local, IConfiguration configuration)
    {
        if (local.Vault is { } vault)
            services.AddSingleton<TokenCredential>(vault.Credential);
        if (local.Finx is { } finx)
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
