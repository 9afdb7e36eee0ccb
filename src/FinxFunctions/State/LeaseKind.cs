namespace FinxFunctions.State;

/// <summary>What a connection is leased for.</summary>
public enum LeaseKind
{
    /// <summary>To redeem its refresh token.</summary>
    Refresh,

    /// <summary>To redeem an authorization code.</summary>
    Exchange,

    /// <summary>To delete it.</summary>
    Deletion,
}
