namespace FinxFunctions.Diagnostics;

/// <summary>Registers the services of this room.</summary>
public static class DiagnosticsServices
{
    public static IServiceCollection AddDiagnostics(this IServiceCollection services) => services.AddMetrics().AddSingleton<FinxMetrics>();
}
