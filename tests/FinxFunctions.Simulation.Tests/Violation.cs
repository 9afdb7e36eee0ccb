namespace FinxFunctions.Simulation.Tests;

/// <summary>A violation of an invariant.</summary>
internal sealed record Violation(DateTimeOffset At, string ConnectionId, string What);
