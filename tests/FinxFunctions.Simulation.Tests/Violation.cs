namespace FinxFunctions.Simulation.Tests;

/// <summary>Something that must not be.</summary>
internal sealed record Violation(DateTimeOffset At, string ConnectionId, string What);
