namespace FinxFunctions.Finx;

/// <summary>How a token is revoked at finX.</summary>
public enum RevocationMethod
{
    /// <summary>It is not revoked. The token expires.</summary>
    None,

    /// <summary><c>POST /auth/revoke</c> with the token in a JSON body.</summary>
    Post,

    /// <summary><c>GET /auth/revoke?token=</c>. The token is in the URL, so this is only for a finX that accepts nothing else.</summary>
    Get,
}
