namespace FinxFunctions.Auditing;

/// <summary>The events of the audit trail.</summary>
public static class AuditEvent
{
    /// <summary>A caller asked for an access token.</summary>
    public const string TokenRead = "token_read";

    /// <summary>A link was created, for a new connection or to renew one.</summary>
    public const string Link = "link";

    /// <summary>An authorization code was exchanged, or could not be.</summary>
    public const string Connect = "connect";

    /// <summary>A refresh token was redeemed, or the connection ended.</summary>
    public const string Rotation = "rotation";

    /// <summary>A connection was deleted, or expired before it was ever connected.</summary>
    public const string Deletion = "deletion";
}
