using FinxFunctions.StandIns;

namespace FinxFunctions.Simulation.Tests;

/// <summary>What to simulate.</summary>
/// <param name="Seed">The same seed gives the same run.</param>
internal sealed record SimulationOptions(int Seed, int Connections)
{
    /// <summary>What finX does with a used token; each of three seeds has another.</summary>
    public ReuseMode Reuse { get; init; } = (ReuseMode)(Math.Abs(Seed) % 3);

    /// <summary>How many times more often than usual single calls fail. It grows with the seed and starts again every nine seeds.</summary>
    public int FaultFactor { get; init; } = (Math.Abs(Seed) / 3 % 3) switch { 0 => 1, 1 => 3, _ => 8 };

    public TimeSpan Length { get; init; } = TimeSpan.FromDays(730);

    /// <summary>Called with the progress from time to time.</summary>
    public Action<string>? Progress { get; init; }
}
