using System.Net;
using FinxFunctions.Authorization;
using FinxFunctions.Finx;
using FinxFunctions.Http;
using FinxFunctions.KeyVault;
using FinxFunctions.Tokens;

namespace FinxFunctions.Accounts;

/// <summary>A user's accounts and transactions. finX's answer is forwarded unchanged.</summary>
public sealed partial class AccountData(AccessTokenProvider tokens, FinxClient finx, IOptions<FinxOptions> options, TimeProvider time, ILogger<AccountData> logger)
{
    private const int Tries = 2;

    /// <summary>Not every node of finX knows a token at once. One that is younger is tried again before it is replaced.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FreshPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Reads <paramref name="path"/> with the connection's access token. If finX refuses the token, the token is refreshed and the read is
    /// repeated once. A token that is only seconds old is tried again first.
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

            var answer = await ReadAsync(address, pair, request.Headers.AcceptLanguage, cancellationToken);
            if (answer.StatusCode is not HttpStatusCode.Unauthorized)
            {
                return new ForwardedResponse(answer, options.Value.DataTimeout, time, exception => LogBroken(connectionId, exception.InnerException?.GetType().Name));
            }

            answer.Dispose();
            access = access with { RejectedGeneration = pair.Generation };
        }

        return Problems.DataRefused();
    }

    private async Task<HttpResponseMessage> ReadAsync(string address, TokenPair pair, string? language, CancellationToken cancellationToken)
    {
        var answer = await finx.ReadAsync(address, pair.AccessToken, language, cancellationToken);
        if (answer.StatusCode is not HttpStatusCode.Unauthorized || time.GetUtcNow() - pair.ObtainedAt >= Fresh)
        {
            return answer;
        }

        answer.Dispose();
        await Task.Delay(FreshPause, time, cancellationToken);
        return await finx.ReadAsync(address, pair.AccessToken, language, cancellationToken);
    }

    [LoggerMessage(80, LogLevel.Warning, "finX broke off in its data of connection {ConnectionId} ({Why}). The caller gets no whole answer.")]
    private partial void LogBroken(string connectionId, string? why);
}
