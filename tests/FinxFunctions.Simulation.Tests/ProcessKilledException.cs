namespace FinxFunctions.Simulation.Tests;

/// <summary>What a caller gets from a process that died: no answer.</summary>
internal sealed class ProcessKilledException() : Exception("The host died.");
