namespace FinxFunctions.Simulation.Tests.Exhaustive;

/// <summary>One schedule of two processes.</summary>
/// <param name="First">What process 0 does.</param>
/// <param name="Second">What process 1 does.</param>
/// <param name="Offset">Process 1 begins when process 0 makes this call, from 0.</param>
/// <param name="Skew">How far the clock of process 1 is off.</param>
internal sealed record Schedule(Work First, Work Second, int Offset, TimeSpan Skew, IReadOnlyList<ScheduledFault> Faults)
{
    public override string ToString() => $"{First} and {Second} at call {Offset}, clock off by {Skew}; {string.Join("; ", Faults)}";
}
