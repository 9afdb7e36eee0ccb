using FinxFunctions.State;

namespace FinxFunctions.Maintenance;

/// <summary>A connection that is due.</summary>
/// <param name="Entry">The entry that leads to it, with the earliest deadline and the most failures of all its entries that are due.</param>
/// <param name="Others">Its other entries that are due. They are superfluous.</param>
public sealed record DueConnection(DueEntry Entry, IReadOnlyList<DueEntry> Others)
{
    /// <summary>The connections of due entries, in the order of their deadlines. Those that failed the last time come behind all others.</summary>
    public static IReadOnlyList<DueConnection> Of(IEnumerable<DueEntry> entries) =>
    [
        .. entries
            .GroupBy(entry => entry.ConnectionId, (_, ofOne) => Of([.. ofOne.OrderBy(entry => entry.At)]))
            .OrderBy(due => due.Entry.Failures > 0)
            .ThenBy(due => due.Entry.Deadline ?? due.Entry.At),
    ];

    private static DueConnection Of(IReadOnlyList<DueEntry> ofOne) =>
        new(ofOne[0] with { Deadline = ofOne.Min(entry => entry.Deadline), Failures = ofOne.Max(entry => entry.Failures) }, [.. ofOne.Skip(1)]);
}
