using System.Globalization;
using System.Text;

namespace FinxFunctions.Simulation.Tests;

/// <summary>The result of a run.</summary>
/// <param name="Connections">How many were alive, waiting for their user, or deleted at the end.</param>
/// <param name="Counts">The kinds of events, and how often each was seen.</param>
/// <param name="Faults">The faults, and how often each happened.</param>
internal sealed record SimulationReport(
    SimulationOptions Options,
    IReadOnlyDictionary<string, int> Connections,
    IReadOnlyDictionary<string, int> Counts,
    IReadOnlyDictionary<Fault, int> Faults,
    IReadOnlyList<Violation> Violations,
    History History)
{
    private const int Shown = 3;

    public override string ToString()
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"Seed {Options.Seed}, {Options.Connections} connections, {Options.Length.TotalDays} days, finX {Options.Reuse}, faultFactor {Options.FaultFactor}\n"));
        text.AppendLine(CultureInfo.InvariantCulture, $"  at the end: {Join(Connections)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  on the way: {Join(Counts)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  calls: {Join(Faults)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"  violations: {Violations.Count}");
        foreach (var (what, count) in Violations.CountBy(violation => violation.What).OrderByDescending(kind => kind.Value))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"    {count} x {what}");
        }

        foreach (var violation in Violations.DistinctBy(violation => violation.ConnectionId).Take(Shown))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{violation.At:O} {violation.ConnectionId}: {violation.What}");
            text.AppendLine(History.Of(violation.ConnectionId));
        }

        return text.ToString();
    }

    private static string Join<T>(IReadOnlyDictionary<T, int> counts)
        where T : notnull => string.Join(", ", counts.OrderBy(count => count.Key.ToString(), StringComparer.Ordinal).Select(count => $"{count.Key} {count.Value}"));
}
