namespace FinxFunctions.State;

/// <summary>The state of a connection.</summary>
public enum ConnectionStatus
{
    /// <summary>A link was created. The user has not come back with a code yet.</summary>
    Pending,

    /// <summary>The service holds tokens and rotates them.</summary>
    Active,

    /// <summary>finX refuses the refresh token. Only a new consent of the user brings the connection back.</summary>
    NeedsReconsent,

    /// <summary>A caller deleted it. The rest of it is being deleted.</summary>
    Deleted,
}
