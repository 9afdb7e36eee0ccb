namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>The times of a world's hosts. Leases are short, so that one can expire during a test.</summary>
internal sealed record Timing(TimeSpan TokenTimeout, TimeSpan Lease, TimeSpan WaitLimit, TimeSpan ReplayWindow)
{
    /// <summary>The largest value that the settings <c>Finx__TokenTimeout</c> and <c>Tokens__WaitLimit</c> allow.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>For tests in which finX answers at once.</summary>
    public static Timing Calm { get; } = new(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(15));

    /// <summary>For tests in which answers come too late and leases expire on purpose.</summary>
    public static Timing Hasty { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));

    /// <summary>The same with all times multiplied, for a machine that is too slow for these.</summary>
    public Timing Times(double factor) => new(TokenTimeout * factor, Lease * factor, WaitLimit * factor, ReplayWindow * factor);

    /// <summary>Whether the settings allow these times.</summary>
    public bool IsAllowed => TokenTimeout <= Limit && WaitLimit <= Limit;
}
