namespace FinxFunctions.State;

/// <summary>The state of the flow behind a link.</summary>
public enum LinkStatus
{
    /// <summary>The user has not come back.</summary>
    Pending,

    /// <summary>The user came back with a code. The flow waits for the caller to confirm that the same browser began it.</summary>
    Held,

    /// <summary>The user came back with a code. It is being exchanged.</summary>
    Returned,

    /// <summary>The code was exchanged. The connection is active.</summary>
    Connected,

    /// <summary>The user cancelled.</summary>
    Cancelled,

    /// <summary>The flow failed.</summary>
    Failed,
}
