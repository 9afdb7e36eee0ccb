using System.Text.Json.Serialization;

namespace FinxFunctions.Hosting;

/// <summary>Whether the service can do its work.</summary>
/// <param name="Status"><c>healthy</c>, or <c>unhealthy</c> where a dependency does not answer.</param>
/// <param name="Dependencies"><c>healthy</c> or <c>unhealthy</c> for each: <c>table_storage</c>, <c>key_vault</c>, <c>finx</c>.</param>
public sealed record HealthReport(string Status, IReadOnlyDictionary<string, string> Dependencies)
{
    public const string Healthy = "healthy";
    public const string Unhealthy = "unhealthy";

    [JsonIgnore]
    public bool IsHealthy => Status == Healthy;
}
