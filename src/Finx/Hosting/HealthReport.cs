using System.Text.Json.Serialization;

namespace Finx.Hosting;

/// <summary>Whether the service can do its work.</summary>
/// <param name="Status"><c>healthy</c>, or <c>unhealthy</c> where a dependency does not answer.</param>
/// <param name="Dependencies"><c>healthy</c> or <c>unhealthy</c> for each: <c>table_storage</c>, <c>key_vault</c>, <c>finx</c>.</param>
public sealed record HealthReport(string Status, IReadOnlyDictionary<string, string> Dependencies)
{
    internal const string Healthy = "healthy";
    internal const string Unhealthy = "unhealthy";

    [JsonIgnore]
    public bool IsHealthy => Status == Healthy;
}
