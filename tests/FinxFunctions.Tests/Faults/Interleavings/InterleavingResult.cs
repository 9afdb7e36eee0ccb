namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>The result of a history.</summary>
/// <param name="Findings">The violations; empty where all is well.</param>
/// <param name="Detail">The calls and logs, where there are findings.</param>
internal sealed record InterleavingResult(IReadOnlyList<string> Findings, string Detail)
{
    /// <summary>The faults that happened: some calls are never made.</summary>
    public int Faults { get; init; }

    /// <summary>Presentations of a token to finX, and how many of them were replays.</summary>
    public int Presentations { get; init; }

    public int Replays { get; init; }

    public int TakeOvers { get; init; }

    /// <summary>Answers that were persisted after another process had taken the lease over.</summary>
    public int PersistedLate { get; init; }

    /// <summary>Answers of finX that were never persisted.</summary>
    public int LostOnTheWay { get; init; }

    /// <summary>Connections that ended, for such an answer.</summary>
    public int Ended { get; init; }
}
