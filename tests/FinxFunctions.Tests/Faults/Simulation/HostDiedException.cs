namespace FinxFunctions.Tests.Faults.Simulation;

/// <summary>What a caller sees of a host that died: no answer.</summary>
internal sealed class HostDiedException() : Exception("The host died.");
