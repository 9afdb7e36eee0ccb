namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>What came of a history.</summary>
/// <param name="Findings">What must not be; empty where all is well.</param>
/// <param name="Detail">All that is known of it, where there are findings.</param>
internal sealed record InterleavingResult(IReadOnlyList<string> Findings, string Detail)
{
    /// <summary>The faults that came to pass: some calls are never made.</summary>
    public int Faults { get; init; }

    /// <summary>Presentations of a token to finX, and how many of them were replays.</summary>
    public int Presentations { get; init; }

    public int Replays { get; init; }

    public int TakeOvers { get; init; }

    /// <summary>Answers that were kept though their lease had changed hands.</summary>
    public int PersistedLate { get; init; }

    /// <summary>Answers of finX that nobody ever saw.</summary>
    public int LostOnTheWay { get; init; }

    /// <summary>Connections that ended, for such an answer.</summary>
    public int Ended { get; init; }
}
