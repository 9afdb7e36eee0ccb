namespace FinxFunctions.State;

/// <summary>How far the flow behind a link has come.</summary>
public enum LinkStatus
{
    /// <summary>The user has not come back.</summary>
    Pending,

    /// <summary>The user came back with a code, which waits for the caller to confirm that this is the browser it began with.</summary>
    Held,

    /// <summary>The user came back with a code, which is being exchanged.</summary>
    Returned,

    /// <summary>The code was exchanged; the connection is up.</summary>
    Connected,

    /// <summary>The user cancelled.</summary>
    Cancelled,

    /// <summary>The flow failed.</summary>
    Failed,
}
