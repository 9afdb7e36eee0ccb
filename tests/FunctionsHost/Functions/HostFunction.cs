using System.Text.Json;
using FunctionsHost.Rpc;

namespace FunctionsHost.Functions;

/// <summary>A function as the worker described it.</summary>
internal sealed record HostFunction(RpcFunctionMetadata Metadata, JsonElement Trigger)
{
    public string Name => Metadata.Name;

    public string Id => Metadata.FunctionId;

    /// <summary>The name of the parameter that the trigger fills.</summary>
    public string Parameter => Trigger.GetProperty("name").GetString()!;

    public bool IsHttp => IsOf("httpTrigger");

    public bool IsTimer => IsOf("timerTrigger");

    /// <summary>Without the prefix of host.json; the function's name where the trigger gives none.</summary>
    public string Route => Text("route") is { Length: > 0 } route ? route : Name;

    /// <summary>Empty means all.</summary>
    public string[] Methods => Trigger.TryGetProperty("methods", out var methods) && methods.ValueKind == JsonValueKind.Array
        ? [.. methods.EnumerateArray().Select(method => method.GetString()!.ToUpperInvariant())]
        : [];

    public AccessLevel Access => Text("authLevel")?.ToUpperInvariant() switch
    {
        "ANONYMOUS" => AccessLevel.Anonymous,
        "FUNCTION" or null => AccessLevel.Function,
        _ => AccessLevel.Admin,
    };

    /// <summary>An NCRONTAB expression, or <c>%Setting%</c>.</summary>
    public string Schedule => Text("schedule") ?? "";

    /// <summary>Whether the run is told when the one before was.</summary>
    public bool UsesMonitor => !Trigger.TryGetProperty("useMonitor", out var use) || use.ValueKind != JsonValueKind.False;

    /// <returns>Null where nothing triggers the function.</returns>
    public static HostFunction? Read(RpcFunctionMetadata metadata)
    {
        foreach (var raw in metadata.RawBindings)
        {
            using var binding = JsonDocument.Parse(raw);
            if (binding.RootElement.GetProperty("type").GetString()!.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase))
                return new(metadata, binding.RootElement.Clone());
        }
        return null;
    }

    private bool IsOf(string type) => type.Equals(Text("type"), StringComparison.OrdinalIgnoreCase);

    private string? Text(string property) => Trigger.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
