namespace FinxFunctions.Simulation.Tests.Exhaustive;

/// <summary>One fault of a schedule: what happens to which call of which process.</summary>
/// <param name="Process">0 or 1.</param>
/// <param name="Call">The number of the remote call in that process, from 0.</param>
internal readonly record struct ScheduledFault(int Process, int Call, FaultKind Kind)
{
    public override string ToString() => $"process {Process}, call {Call}: {Kind}";
}
