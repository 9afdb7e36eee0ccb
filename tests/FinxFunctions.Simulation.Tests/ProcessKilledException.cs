namespace FinxFunctions.Simulation.Tests;

/// <summary>What a caller sees of a host that died: no answer.</summary>
internal sealed class ProcessKilledException() : Exception("The host died.");
