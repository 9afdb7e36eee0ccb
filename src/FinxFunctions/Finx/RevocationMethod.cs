namespace FinxFunctions.Finx;

/// <summary>How a token is revoked at finX.</summary>
public enum RevocationMethod
{
    /// <summary>Not at all: the token is left to expire.</summary>
    None,

    /// <summary><c>POST /auth/revoke</c> with the token in a JSON body.</summary>
    Post,

    /// <summary><c>GET /auth/revoke?token=</c>. Puts the token in a URL: only where finX accepts nothing else.</summary>
    Get,
}
