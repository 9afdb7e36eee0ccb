using FinxFunctions.Http;
using Microsoft.Azure.Functions.Worker;

namespace FinxFunctions.Tokens;

/// <summary>Hands out an access token that finX accepts.</summary>
public sealed class GetTokenFunction(TokenService tokens)
{
    [Function("GetToken")]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Function, "post", Route = "connections/{id}/token")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        var caller = await tokens.AdmitAsync(request, id, cancellationToken);
        RequestQuery.Allow(request);
        var body = await RequestBody.ReadAsync(request, TokenBodyJson.Default.TokenRequestBody, isOptional: true, cancellationToken);
        return await tokens.GetAsync(caller, id, TokenService.Read(body), cancellationToken) switch
        {
            AccessResult.Granted { Pair: var pair } => JsonResults.Secret(tokens.Issue(pair), TokensJson.Default.IssuedToken),
            var refused => AccessProblems.Of(refused),
        };
    }
}
