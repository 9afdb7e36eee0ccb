namespace FinxFunctions.State;

/// <summary>Why a caller is asked to come again.</summary>
public enum TryLaterCause
{
    /// <summary>A rotation is under way elsewhere.</summary>
    Busy,

    /// <summary>finX does not answer, or asks to be left alone.</summary>
    FinxUnavailable,

    /// <summary>finX refuses our client credentials: an operator must act.</summary>
    FinxRefused,
}
