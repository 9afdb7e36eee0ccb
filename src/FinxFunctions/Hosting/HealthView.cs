using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FinxFunctions.Hosting;

/// <summary>A health report as JSON.</summary>
/// <param name="Status"><c>healthy</c>, or <c>unhealthy</c> if a dependency is.</param>
/// <param name="Dependencies"><c>healthy</c> or <c>unhealthy</c> for each of <c>table_storage</c>, <c>key_vault</c> and <c>finx</c>.</param>
public sealed record HealthView(string Status, IReadOnlyDictionary<string, string> Dependencies)
{
    private const string Healthy = "healthy";

    [JsonIgnore]
    public bool IsHealthy => Status == Healthy;

    public static HealthView Of(HealthReport report) =>
        new(NameOf(report.Status), report.Entries.ToDictionary(entry => entry.Key, entry => NameOf(entry.Value.Status)));

    private static string NameOf(HealthStatus status) => status is HealthStatus.Healthy ? Healthy : "unhealthy";
}
