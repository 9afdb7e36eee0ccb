using Azure.Core;

namespace FinxSandbox.Identity;

/// <summary>The token of the managed identity, without an HTTP call.</summary>
public sealed class SandboxCredential : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        var resource = requestContext.Scopes[0].Replace("/.default", "", StringComparison.Ordinal);
        var (token, expiresAt) = IdentityTokens.Issue(resource);
        return new AccessToken(token, expiresAt);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}
