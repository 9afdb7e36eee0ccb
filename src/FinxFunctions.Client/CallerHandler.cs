using System.Net.Http.Headers;
using Azure.Core;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Client;

/// <summary>Says who calls, anew with each try: the credential keeps its tokens, and knows when they are over.</summary>
internal sealed class CallerHandler(IOptions<FinxFunctionsOptions> options) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (options.Value.FunctionKey is { Length: > 0 } key)
        {
            request.Headers.Remove("x-functions-key");
            request.Headers.Add("x-functions-key", key);
        }

        if (options.Value is { Credential: { } credential, Scope: { } scope })
        {
            var token = await credential.GetTokenAsync(new TokenRequestContext([scope]), cancellationToken);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
