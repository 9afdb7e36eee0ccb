namespace Finx.Tokens;

/// <summary>What a connection was claimed for.</summary>
internal enum ClaimKind
{
    /// <summary>To spend its refresh token.</summary>
    Refresh,

    /// <summary>To spend an authorization code.</summary>
    Exchange,

    /// <summary>To delete it.</summary>
    Deletion,
}
