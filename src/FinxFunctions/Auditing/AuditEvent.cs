namespace FinxFunctions.Auditing;

/// <summary>What is recorded.</summary>
public static class AuditEvent
{
    /// <summary>A caller asked for an access token, and was given one or not.</summary>
    public const string TokenRead = "token_read";

    /// <summary>A link was made, to a new connection or to renew one.</summary>
    public const string Link = "link";

    /// <summary>An authorization code was exchanged, or could not be.</summary>
    public const string Connect = "connect";

    /// <summary>A refresh token was exchanged, or the connection ended over it.</summary>
    public const string Rotation = "rotation";

    /// <summary>A connection was deleted, or expired before it was ever connected.</summary>
    public const string Deletion = "deletion";
}
