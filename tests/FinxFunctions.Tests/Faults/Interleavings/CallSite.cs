namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>The purpose of a call of a host, as seen on the wire.</summary>
internal enum CallSite
{
    Query,
    Schedule,
    TakeLease,

    /// <summary>A lease's row is updated without an answer: a take-over, an extension, a replay, a suspension.</summary>
    UpdateLease,

    TokenCall,
    Persist,
    SecretRead,
    SecretSet,
    Commit,
    Other,
}
