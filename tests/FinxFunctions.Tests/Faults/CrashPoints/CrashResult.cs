namespace FinxFunctions.Tests.Faults.CrashPoints;

/// <summary>What came of a crash.</summary>
/// <param name="Detail">The call at which it happened or, where something broke, all that is known.</param>
/// <param name="Tries">More than one where the machine was too busy to tell.</param>
internal sealed record CrashResult(CrashPoint Point, CrashOutcome Ending, string Detail, int Tries = 1);
