namespace FinxFunctions.Finx;

/// <summary>Whose problem a failure of finX is.</summary>
public enum FinxFailure
{
    /// <summary>No answer, or one that asks us to come again: nobody's fault, try later.</summary>
    Unavailable,

    /// <summary>finX refuses our client or its permissions: the operator's.</summary>
    ClientRefused,

    /// <summary>finX refuses the request: the caller's.</summary>
    InvalidRequest,

    /// <summary>finX does not know what was asked for.</summary>
    NotFound,
}
