namespace FinxFunctions.Tests.Faults.CrashPoints;

internal enum CrashOutcome
{
    /// <summary>As if nothing had been.</summary>
    Survived,

    /// <summary>finX's answer was lost with the process and finX honours no token twice: recorded as ambiguous, replayed as configured, told to the service.</summary>
    Unavoidable,

    /// <summary>The operation was through before the point was reached.</summary>
    NotReached,

    /// <summary>Something that must hold did not.</summary>
    Broken,
}
