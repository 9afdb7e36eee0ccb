using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FinxFunctions.Hosting;

/// <summary>A health report as JSON.</summary>
/// <param name="Status"><c>healthy</c>, or <c>unhealthy</c> if a dependency is.</param>
/// <param name="Dependencies"><c>healthy</c> or <c>unhealthy</c> for each of <c>table_storage</c>, <c>key_vault</c> and <c>finx</c>.</param>
/// <param name="Problems">What an operator must put right in the settings; absent where nothing.</param>
public sealed record HealthView(string Status, IReadOnlyDictionary<string, string> Dependencies, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Problems = null)
{
    /// <summary>The key under which a check says that its description is for an operator.</summary>
    public const string SettingsProblem = "settings";

    private const string Healthy = "healthy";

    [JsonIgnore]
    public bool IsHealthy => Status == Healthy;

    public static HealthView Of(HealthReport report) =>
        new(NameOf(report.Status), report.Entries.ToDictionary(entry => entry.Key, entry => NameOf(entry.Value.Status)), ProblemsOf(report));

    // A check's exception or time-out also gives a description. Only a check that ran to its end describes what is wrong here.
    private static List<string>? ProblemsOf(HealthReport report) =>
        report.Entries.Values.Where(entry => entry is { Exception: null, Status: HealthStatus.Unhealthy } && entry.Data.ContainsKey(SettingsProblem)).Select(entry => entry.Description!).ToList() is { Count: > 0 } problems ? problems : null;

    private static string NameOf(HealthStatus status) => status is HealthStatus.Healthy ? Healthy : "unhealthy";
}
