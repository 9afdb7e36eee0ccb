namespace FinxFunctions.Tests.Faults.CrashPoints;

/// <summary>When, about a call, the process dies.</summary>
internal enum CrashMoment
{
    /// <summary>The call is never forwarded; those beside it may or may not be.</summary>
    Before,

    /// <summary>The call is never forwarded, but all calls beside it are executed.</summary>
    Beside,

    /// <summary>The dependency has acted; its answer is never seen.</summary>
    After,
}
