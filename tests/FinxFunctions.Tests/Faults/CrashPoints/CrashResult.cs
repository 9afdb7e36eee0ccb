namespace FinxFunctions.Tests.Faults.CrashPoints;

/// <summary>What came of a crash.</summary>
/// <param name="Detail">The call at which it happened or, where something broke, all that is known.</param>
/// <param name="Factor">By how much the times of the world were multiplied, because the machine was too slow.</param>
internal sealed record CrashResult(CrashPoint Point, CrashOutcome Outcome, string Detail, double Factor = 1);
