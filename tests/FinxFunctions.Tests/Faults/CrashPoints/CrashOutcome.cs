namespace FinxFunctions.Tests.Faults.CrashPoints;

internal enum CrashOutcome
{
    /// <summary>Nothing was lost.</summary>
    Survived,

    /// <summary>finX's answer was lost with the process and finX honours no token twice. It is recorded as ambiguous, replayed as configured, and reported to the service.</summary>
    Unavoidable,

    /// <summary>The operation ended before the point was reached.</summary>
    NotReached,

    /// <summary>An invariant was violated.</summary>
    Broken,
}
