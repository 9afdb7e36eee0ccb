namespace FinxFunctions.DevHost.Triggers;

/// <summary>host.json, the Functions host's own settings.</summary>
public static class HostFile
{
    /// <summary>What every route begins with; <c>api</c> if the file does not say.</summary>
    public static string RoutePrefix() =>
        new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "host.json"), optional: false).Build()["extensions:http:routePrefix"] ?? "api";
}
