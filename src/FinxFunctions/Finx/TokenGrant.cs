using FinxFunctions.Primitives;

namespace FinxFunctions.Finx;

/// <summary>What <c>POST /auth/token</c> exchanges (RFC 6749, sections 4.1.3 and 6).</summary>
public abstract record TokenGrant(Secret Token)
{
    public sealed record AuthorizationCode(Secret Code) : TokenGrant(Code);

    public sealed record RefreshToken(Secret Value) : TokenGrant(Value);
}
