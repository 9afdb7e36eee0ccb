namespace FinxFunctions.Simulation.Tests.Exhaustive;

/// <summary>What can happen to a remote call, and to the process that makes it.</summary>
internal enum FaultKind
{
    /// <summary>The process dies before the call arrives.</summary>
    CrashBefore,

    /// <summary>The process dies after the service acted, and before it has the answer.</summary>
    CrashAfter,

    /// <summary>The process stands still for longer than a lease, while the call is under way.</summary>
    Freeze,

    /// <summary>The service acts, and its answer is lost.</summary>
    AnswerLost,

    /// <summary>The call is never answered: the client's own time-out ends it.</summary>
    Silence,

    /// <summary>The answer comes so late that the other process goes on in between.</summary>
    Late,
}
