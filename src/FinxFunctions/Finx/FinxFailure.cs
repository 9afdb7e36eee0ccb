namespace FinxFunctions.Finx;

/// <summary>Who can solve a failure of finX.</summary>
public enum FinxFailure
{
    /// <summary>finX did not answer, or asks to try again. A later try may succeed.</summary>
    Unavailable,

    /// <summary>finX refuses this client or its permissions. An operator must act.</summary>
    ClientRefused,

    /// <summary>finX refuses the request. The caller must change it.</summary>
    InvalidRequest,

    /// <summary>finX does not know the resource.</summary>
    NotFound,
}
