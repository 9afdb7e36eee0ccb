using FinxFunctions.StandIns;

namespace FinxFunctions.Simulation.Tests;

/// <summary>What to simulate.</summary>
/// <param name="Seed">The same seed gives the same run.</param>
internal sealed record SimulationOptions(int Seed, int Connections)
{
    /// <summary>What finX does with a used token; each of three seeds has another.</summary>
    public ReuseMode Reuse { get; init; } = (ReuseMode)(Math.Abs(Seed) % 3);

    /// <summary>How many times more often than usual single calls go wrong; it grows with the seed, and begins anew every nine seeds.</summary>
    public int Roughness { get; init; } = (Math.Abs(Seed) / 3 % 3) switch { 0 => 1, 1 => 3, _ => 8 };

    public TimeSpan Length { get; init; } = TimeSpan.FromDays(730);

    /// <summary>Told now and then how far it is.</summary>
    public Action<string>? Progress { get; init; }
}
