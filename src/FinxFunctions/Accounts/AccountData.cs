using System.Net;
using FinxFunctions.Authorization;
using FinxFunctions.Finx;
using FinxFunctions.Http;
using FinxFunctions.Tokens;

namespace FinxFunctions.Accounts;

/// <summary>A user's accounts and transactions: finX's answer, passed on as it comes.</summary>
public sealed class AccountData
{
    private readonly AccessTokenProvider _tokens;
    private readonly FinxClient _finx;

    public AccountData(AccessTokenProvider tokens, FinxClient finx) => (_tokens, _finx) = (tokens, finx);

    /// <summary>
    /// Fetches what lies at <paramref name="path"/> with the connection's access token. A token that finX refuses is refreshed once, and the
    /// call made once more.
    /// </summary>
    /// <param name="path">Segments behind <c>/rest</c>, not escaped yet.</param>
    /// <exception cref="FinxException">finX did not answer, or answered an error.</exception>
    public async Task<IResult> GetAsync(Caller caller, string connectionId, IReadOnlyList<string> path, HttpRequest request, CancellationToken cancellationToken)
    {
        var address = string.Join('/', ["rest", .. path.Select(AccountPath.Escape)]) + AccountPath.QueryOf(request.Query);
        var access = AccessRequest.Default;
        for (var tries = 0; tries < 2; tries++)
        {
            if (await _tokens.GetAsync(caller.Id, connectionId, access, cancellationToken) is var result && result is not AccessResult.Granted { Pair: var pair })
            {
                return AccessProblems.Of(result);
            }

            var answer = await _finx.ReadAsync(address, pair.AccessToken, request.Headers.AcceptLanguage, cancellationToken);
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
