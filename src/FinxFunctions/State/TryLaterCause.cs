namespace FinxFunctions.State;

/// <summary>Why a caller is asked to try again later.</summary>
public enum TryLaterCause
{
    /// <summary>Another process works on the connection, or this process stops.</summary>
    Busy,

    /// <summary>finX does not answer, or asks to wait.</summary>
    FinxUnavailable,

    /// <summary>finX refuses the client credentials of this service. An operator must act.</summary>
    FinxRefused,
}
