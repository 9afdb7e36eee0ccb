namespace FinxFunctions.Callback;

/// <summary>What came of a confirmation.</summary>
public enum Confirmation
{
    /// <summary>The code was spent; the connection is up.</summary>
    Connected,

    /// <summary>The code was spent, or tried to be, and nothing came of it: the user must begin anew.</summary>
    Failed,

    /// <summary>No flow of this connection waits for this verifier.</summary>
    NothingToConfirm,

    /// <summary>Still under way: come again.</summary>
    Busy,

    /// <summary>There is no such connection.</summary>
    UnknownConnection,
}
