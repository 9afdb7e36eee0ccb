using System.Net;
using FinxFunctions.Authorization;
using FinxFunctions.Finx;
using FinxFunctions.Http;
using FinxFunctions.Tokens;

namespace FinxFunctions.Accounts;

/// <summary>A user's accounts and transactions. finX's answer is forwarded unchanged.</summary>
public sealed class AccountData(AccessTokenProvider tokens, FinxClient finx)
{
    private const int Tries = 2;

    /// <summary>
    /// Reads <paramref name="path"/> with the connection's access token. If finX refuses the token, the token is refreshed and the read is
    /// repeated once.
    /// </summary>
    /// <param name="path">The segments after <c>/rest</c>, not yet escaped.</param>
    /// <exception cref="FinxException">finX did not answer, or answered an error.</exception>
    /// <exception cref="InvalidRequestException">A segment has not the form of an id.</exception>
    public async Task<IResult> GetAsync(Caller caller, string connectionId, IReadOnlyList<string> path, HttpRequest request, CancellationToken cancellationToken)
    {
        var address = string.Join('/', ["rest", .. path.Select(AccountPath.Escape)]) + AccountPath.QueryOf(request.Query);
        var access = AccessRequest.Default;
        for (var tries = 0; tries < Tries; tries++)
        {
            if (await tokens.GetAsync(caller.Id, connectionId, access, cancellationToken) is var result && result is not AccessResult.Granted { Pair: var pair })
            {
                return AccessProblems.Of(result);
            }

            var answer = await finx.ReadAsync(address, pair.AccessToken, request.Headers.AcceptLanguage, cancellationToken);
            if (answer.StatusCode is not HttpStatusCode.Unauthorized)
            {
                return new ForwardedResponse(answer);
            }

            answer.Dispose();
            access = access with { RejectedGeneration = pair.Generation };
        }

        return Problems.DataRefused();
    }
}
