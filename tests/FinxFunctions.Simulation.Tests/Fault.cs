namespace FinxFunctions.Simulation.Tests;

/// <summary>What can happen to a remote call on its way.</summary>
internal enum Fault
{
    None,

    /// <summary>No connection: surely not acted on.</summary>
    Unreachable,

    /// <summary>429 or 503: surely not acted on.</summary>
    Busy,

    /// <summary>500 before acting.</summary>
    Failed,

    /// <summary>500 after acting.</summary>
    FailedLate,

    /// <summary>The connection broke before the request arrived.</summary>
    RequestLost,

    /// <summary>The connection broke after the service acted.</summary>
    AnswerLost,

    /// <summary>A store accepted the request, did not act on it, and never answers.</summary>
    Silent,

    /// <summary>Acted on at once, answered late: by a store too late for its client.</summary>
    AnswerSlow,

    /// <summary>Arrives late, when the sender may have given up.</summary>
    RequestSlow,

    /// <summary>The sender dies before the request arrives.</summary>
    CrashBefore,

    /// <summary>The sender dies after the service acted, before the answer.</summary>
    CrashAfter,

    /// <summary>The sender stops for minutes after the service acted, before the answer.</summary>
    Freeze,
}
