namespace FinxFunctions.DevHost.Triggers;

/// <summary>host.json, the settings of the Functions host.</summary>
public static class HostFile
{
    /// <summary>The first segment of every route. <c>api</c> if the file names none.</summary>
    public static string RoutePrefix() =>
        new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "host.json"), optional: false).Build()["extensions:http:routePrefix"] ?? "api";
}
