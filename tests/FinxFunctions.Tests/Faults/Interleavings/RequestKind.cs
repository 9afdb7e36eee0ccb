namespace FinxFunctions.Tests.Faults.Interleavings;

/// <summary>What a host is asked to do.</summary>
internal enum RequestKind
{
    /// <summary>To give a token.</summary>
    Ask,

    /// <summary>To give another token than the last one given, which the caller says finX refused.</summary>
    Report,

    /// <summary>A tick of the timer.</summary>
    Tick,

    /// <summary>To make a link to the same connection, which the user follows to its end.</summary>
    Renew,

    Delete,
}
