namespace FinxFunctions.State;

/// <summary>What a connection was leased for.</summary>
public enum LeaseKind
{
    /// <summary>To spend its refresh token.</summary>
    Refresh,

    /// <summary>To spend an authorization code.</summary>
    Exchange,

    /// <summary>To delete it.</summary>
    Deletion,
}
