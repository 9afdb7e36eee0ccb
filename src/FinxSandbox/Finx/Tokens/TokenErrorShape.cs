namespace FinxSandbox.Finx.Tokens;

/// <summary>How the token endpoint words a refusal.</summary>
public enum TokenErrorShape
{
    /// <summary>finX's error object.</summary>
    Finx,

    /// <summary>RFC 6749, section 5.2: <c>{"error":"invalid_grant"}</c>.</summary>
    Rfc6749,
}
