using FinxFunctions.Tests.Faults.Simulation.StandIns;

namespace FinxFunctions.Tests.Faults.Simulation;

/// <summary>What to simulate.</summary>
/// <param name="Seed">The same seed gives the same run.</param>
internal sealed record SimulationOptions(int Seed, int Connections)
{
    /// <summary>What finX does with a used token; each of three seeds has another.</summary>
    public ReuseMode Reuse { get; init; } = (ReuseMode)(Math.Abs(Seed) % 3);

    public TimeSpan Length { get; init; } = TimeSpan.FromDays(730);

    /// <summary>Told now and then how far it is.</summary>
    public Action<string>? Progress { get; init; }
}
