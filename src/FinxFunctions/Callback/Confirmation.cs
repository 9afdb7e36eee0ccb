namespace FinxFunctions.Callback;

/// <summary>The outcome of a confirmation.</summary>
public enum Confirmation
{
    /// <summary>The code was exchanged. The connection is active.</summary>
    Connected,

    /// <summary>The exchange failed. The user must begin again with another link.</summary>
    Failed,

    /// <summary>No flow of this connection waits for this verifier.</summary>
    NothingToConfirm,

    /// <summary>The exchange is not finished yet; ask again.</summary>
    Busy,

    /// <summary>There is no such connection.</summary>
    UnknownConnection,
}
