namespace FinxFunctions.Tests.Faults.CrashPoints;

/// <summary>The result of a crash.</summary>
/// <param name="Detail">The call at which it happened or, where an invariant was violated, all calls and logs.</param>
/// <param name="Factor">By how much the times of the world were multiplied, because the machine was too slow.</param>
internal sealed record CrashResult(CrashPoint Point, CrashOutcome Outcome, string Detail, double Factor = 1);
