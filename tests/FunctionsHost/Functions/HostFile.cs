using System.Text.Json;

namespace FunctionsHost.Functions;

/// <summary>What this host heeds of host.json.</summary>
/// <param name="RoutePrefix">What every route begins with.</param>
/// <param name="MaxConcurrentRequests">How many HTTP functions may run at once; null for any number.</param>
/// <param name="MaxOutstandingRequests">How many may run or wait; the next is answered 429.</param>
internal sealed record HostFile(string RoutePrefix, int? MaxConcurrentRequests, int? MaxOutstandingRequests)
{
    public static HostFile Read(string folder)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "host.json")));
        var http = file.RootElement.TryGetProperty("extensions", out var extensions) && extensions.TryGetProperty("http", out var section) ? section : default;
        return new(
            Find(http, "routePrefix")?.GetString() ?? "api",
            Find(http, "maxConcurrentRequests")?.GetInt32(),
            Find(http, "maxOutstandingRequests")?.GetInt32());
    }

    private static JsonElement? Find(JsonElement section, string name) =>
        section.ValueKind == JsonValueKind.Object && section.TryGetProperty(name, out var value) ? value : null;
}
