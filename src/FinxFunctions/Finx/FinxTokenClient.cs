using System.Net;
using System.Net.Http.Headers;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace FinxFunctions.Finx;

/// <summary>
/// finX's token endpoint, <c>POST /auth/token</c>. It presents a token once and never repeats a call, because a token may be worthless after
/// the first use. The result is a <see cref="TokenAnswer"/>, never an exception.
/// </summary>
public sealed class FinxTokenClient(
    IHttpClientFactory clients,
    IOptions<FinxOptions> options,
    IOptions<RedirectOptions> redirect,
    FinxCircuit rest,
    TimeProvider time)
{
    public const string ClientName = "finx-token";

    /// <summary>More than any token pair needs, and less than a table row holds after encryption. In bytes.</summary>
    public const int MaximumAnswer = 640 * 1024;

    /// <summary>Errors of finX, a bank or the network, and not of the token.</summary>
    private static bool IsPassing(FinxError error) => error is { Code: 1008 or (>= 20000 and < 60000) } or { Name: "temporarily_unavailable" or "server_error" or "slow_down" };

    /// <summary>Errors by which finX refuses the client or the form of the request (RFC 6749, section 5.2), and not the token.</summary>
    private static bool IsAboutTheClient(FinxError error) => error switch
    {
        { Code: 1004 } => true,
        { Code: 1000, Fields.Count: > 0 } => !error.Fields.Keys.Any(field => field is "refresh_token" or "code"),
        { Name: "invalid_client" or "unauthorized_client" or "unsupported_grant_type" or "invalid_scope" or "invalid_request" } => true,
        _ => false,
    };

    /// <summary>Whether the circuit is open: finX failed so often that no call should be made now.</summary>
    public bool IsCircuitOpen => rest.IsOpen;

    /// <summary>Presents a code or a refresh token, once.</summary>
    /// <param name="until">Until when the answer is awaited: shortly before the lease expires.</param>
    /// <remarks>Takes no <see cref="CancellationToken"/> on purpose: once the token is sent, its answer is awaited.</remarks>
    public async Task<TokenAnswer> RedeemAsync(TokenGrant grant, DateTimeOffset until)
    {
        // The client's pipeline limits the time until an answer begins. This limits the time until it ends.
        using var deadline = new CancellationTokenSource(until - time.GetUtcNow(), time);
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var request = new HttpRequestMessage(HttpMethod.Post, "auth/token") { Content = ContentOf(grant) };
            request.Options.Set(FinxServices.Circuit, grant is TokenGrant.AuthorizationCode ? "code" : "refresh");
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return await ReadAsync(response, deadline.Token);
        }
        catch (BrokenCircuitException)
        {
            return new TokenAnswer.NotProcessed("the circuit is open after many failures");
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError
            is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError)
        {
            return new TokenAnswer.NotProcessed($"finX could not be reached ({exception.HttpRequestError})");
        }
        catch (HttpRequestException exception)
        {
            return new TokenAnswer.Unknown($"the connection broke ({exception.HttpRequestError})");
        }
        catch (IOException)
        {
            return new TokenAnswer.Unknown("the connection broke in the middle of the answer");
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutRejectedException)
        {
            return new TokenAnswer.Unknown($"no answer within {options.Value.TokenTimeout}");
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

    private async Task<TokenAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(MaximumAnswer, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return new TokenAnswer.Granted(body);
        }

        var status = (int)response.StatusCode;
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Locked or HttpStatusCode.RequestTimeout =>
                new TokenAnswer.NotProcessed($"finX answered {status}", RetryAfterOf(response.Headers)),
            >= HttpStatusCode.InternalServerError => new TokenAnswer.NotProcessed($"finX answered {status}", RetryAfterOf(response.Headers)) { MayHaveActed = true },
            HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when FinxError.TryParse(body) is { } error => error switch
            {
                _ when IsPassing(error) => new TokenAnswer.NotProcessed($"finX answered {status}, {error}", RetryAfterOf(response.Headers)),
                _ when IsAboutTheClient(error) => new TokenAnswer.ClientRefused(status, error),
                _ => new TokenAnswer.Dead(status, error),
            },
            _ => new TokenAnswer.ClientRefused(status, FinxError.TryParse(body)),
        };
    }

    private TimeSpan? RetryAfterOf(HttpResponseHeaders headers) => headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };
}
