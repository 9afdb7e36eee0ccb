namespace FinxSandbox.Finx.Tokens;

/// <summary>What becomes of a refresh token that has been used; finX's documents do not say.</summary>
public enum RefreshTokenReuse
{
    /// <summary>It is refused; nothing else happens.</summary>
    Dead,

    /// <summary>
    /// For <see cref="SandboxOptions.GraceWindow"/> it is honoured again and gives a fresh pair;
    /// the refresh token that its earlier use gave is dead from then on.
    /// </summary>
    Grace,

    /// <summary>It is refused, and all tokens of its family die (RFC 9700, section 4.14.2).</summary>
    RevokeFamily,
}
