namespace FinxFunctions.State;

/// <summary>Where a connection stands.</summary>
public enum ConnectionStatus
{
    /// <summary>A link was made; the user has not come back with a code yet.</summary>
    Pending,

    /// <summary>Tokens are kept alive.</summary>
    Active,

    /// <summary>finX refuses the refresh token: only the user can bring the connection back.</summary>
    NeedsReconsent,

    /// <summary>Asked to be deleted; what is left of it is being removed.</summary>
    Deleted,
}
