using System.Net;

namespace FinxFunctions.Finx;

/// <summary>
/// finX's token endpoint, <c>POST /auth/token</c>. It presents a token once and never repeats a call, because a token may be worthless after
/// the first use. The result is a <see cref="TokenAnswer"/>, never an exception.
/// </summary>
public sealed class FinxTokenClient(
    IHttpClientFactory clients,
    IOptions<FinxOptions> options,
    IOptions<RedirectOptions> redirect,
    FinxCircuit circuit,
    TimeProvider time)
{
    public const string ClientName = "finx-token";

    /// <summary>More than any token pair needs, and less than a table row holds after encryption. In bytes.</summary>
    public const int MaximumAnswer = 640 * 1024;

    /// <summary>Whether the circuit is open: finX failed so often that no refresh should be made now.</summary>
    public bool IsCircuitOpen => circuit.IsOpen;

    /// <summary>Presents a code or a refresh token, once.</summary>
    /// <param name="until">Until when the answer is awaited: shortly before the lease expires.</param>
    /// <remarks>Takes no <see cref="CancellationToken"/> on purpose: once the token is sent, its answer is awaited.</remarks>
    public async Task<TokenAnswer> RedeemAsync(TokenGrant grant, DateTimeOffset until)
    {
        var left = until - time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            return new TokenAnswer.NotProcessed("the time for an answer was over before the token was sent");
        }

        using var deadline = new CancellationTokenSource(left, time);
        if (grant is TokenGrant.AuthorizationCode)
        {
            // A user waits, and a code cannot. A circuit that refreshes have opened does not stop it.
            return (await AskAsync(grant, deadline.Token)).Answer;
        }

        if (circuit.IsOpen)
        {
            return new TokenAnswer.NotProcessed("the circuit is open after many failures");
        }

        // After the time-out the circuit counts a failure. The answer may still come, and would be lost if nobody listened.
        var isCounted = 0;
        using var patience = new CancellationTokenSource(options.Value.TokenTimeout, time);
        using var overdue = patience.Token.Register(() => CountOnce(isFault: true));
        var exchange = await AskAsync(grant, deadline.Token);
        CountOnce(exchange.IsFault);
        return exchange.Answer;

        void CountOnce(bool isFault)
        {
            if (Interlocked.Exchange(ref isCounted, 1) == 0)
            {
                circuit.Count(isFault);
            }
        }
    }

    private async Task<TokenExchange> AskAsync(TokenGrant grant, CancellationToken deadline)
    {
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var request = new HttpRequestMessage(HttpMethod.Post, "auth/token") { Content = ContentOf(grant) };
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline);
            return await ReadAsync(response, deadline);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError
            is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError)
        {
            return new TokenExchange(new TokenAnswer.NotProcessed($"finX could not be reached ({exception.HttpRequestError})"), IsFault: true);
        }
        catch (HttpRequestException exception)
        {
            return new TokenExchange(new TokenAnswer.Unknown($"the connection broke ({exception.HttpRequestError})"), IsFault: true);
        }
        catch (OperationCanceledException exception) when (exception.InnerException is TimeoutException && !deadline.IsCancellationRequested)
        {
            return new TokenExchange(new TokenAnswer.NotProcessed("finX could not be reached (no connection in time)"), IsFault: true);
        }
        catch (OperationCanceledException)
        {
            return new TokenExchange(new TokenAnswer.Unknown("no answer before the lease ends"), IsFault: true);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new TokenExchange(new TokenAnswer.Unknown($"the call failed ({exception.GetType().Name})"), IsFault: true);
        }
    }

    private ByteArrayContent ContentOf(TokenGrant grant) => grant switch
    {
        TokenGrant.AuthorizationCode code => FinxBody.Of(
            new TokenRequest("authorization_code", Code: code.Code.Reveal(), RedirectUri: options.Value.SendRedirectUri ? redirect.Value.CallbackAddress?.AbsoluteUri : null),
            FinxJson.Default.TokenRequest),
        TokenGrant.RefreshToken refresh => FinxBody.Of(
            new TokenRequest("refresh_token", RefreshToken: refresh.Value.Reveal()),
            FinxJson.Default.TokenRequest),
        _ => throw new ArgumentOutOfRangeException(nameof(grant)),
    };

    private async Task<TokenExchange> ReadAsync(HttpResponseMessage response, CancellationToken deadline)
    {
        var body = await BoundedBody.ReadAsync(response.Content, MaximumAnswer, deadline);
        var headers = AnswerHeaders.Of(response, time.GetUtcNow());
        var answer = TokenAnswers.MeaningOf((int)response.StatusCode, headers, body.Bytes);
        if (answer is TokenAnswer.Unknown unknown)
        {
            return new TokenExchange(body.Flaw is null ? unknown : unknown with { Why = body.Flaw }, body.Flaw is not null);
        }

        var isThrottled = response.StatusCode is HttpStatusCode.ServiceUnavailable && headers.RetryAfter is not null;
        return new TokenExchange(answer, response.StatusCode >= HttpStatusCode.InternalServerError && !isThrottled);
    }
}
