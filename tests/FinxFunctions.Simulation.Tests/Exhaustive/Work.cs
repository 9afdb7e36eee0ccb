namespace FinxFunctions.Simulation.Tests.Exhaustive;

/// <summary>What a process does in a schedule.</summary>
internal enum Work
{
    /// <summary>A caller wants a token, and the access token is over.</summary>
    GetToken,

    /// <summary>A user returns with the code of a renewal.</summary>
    Return,

    /// <summary>A caller deletes the connection.</summary>
    Delete,

    /// <summary>The timer runs, and the connection is due.</summary>
    Tick,
}
