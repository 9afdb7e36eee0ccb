namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>The times that hosts of a world go by. Leases are short, so that one can end while a test looks on.</summary>
internal sealed record Timing(TimeSpan TokenTimeout, TimeSpan Lease, TimeSpan WaitLimit, TimeSpan ReplayWindow)
{
    /// <summary>The shortest by which a busy machine does not lose what a calm one would not.</summary>
    public static Timing Calm { get; } = new(TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(15));

    /// <summary>For tests in which answers come too late, and leases end, on purpose.</summary>
    public static Timing Hasty { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
}
