using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FinxFunctions.Diagnostics;
using FinxFunctions.Primitives;

namespace FinxFunctions.Finx;

/// <summary>finX's links, data and revocation. <see cref="FinxTokenClient"/> calls the token endpoint.</summary>
public sealed partial class FinxClient(IHttpClientFactory clients, IOptions<FinxOptions> options, FinxMetrics metrics, TimeProvider time, ILogger<FinxClient> logger)
{
    /// <summary>The client with Basic authentication.</summary>
    public const string ClientName = "finx-client";

    /// <summary>The client that presents a user's access token. It may repeat reads.</summary>
    public const string DataClientName = "finx-data";

    private const int MaximumLink = 64 * 1024;

    /// <summary>A deletion waits no longer for one revocation.</summary>
    private static readonly TimeSpan RevocationLimit = TimeSpan.FromSeconds(5);

    /// <summary>Creates a widget link (<c>POST /ongoing/access</c>).</summary>
    /// <exception cref="FinxException">finX did not answer, or refused the request.</exception>
    public Task<WidgetLink> CreateLinkAsync(WidgetLinkRequest link, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        using var client = clients.CreateClient(ClientName);
        using var content = FinxBody.Of(link, FinxJson.Default.WidgetLinkRequest);
        using var response = await client.PostAsync(new Uri("ongoing/access", UriKind.Relative), content, cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        try
        {
            var bytes = await BoundedBody.ReadAsync(response.Content, MaximumLink, cancellationToken);
            var body = JsonSerializer.Deserialize(bytes.Bytes.Span, FinxJson.Default.WidgetLinkBody);
            return body is { Id.Length: > 0 and <= 128 } && Uri.TryCreate(body.Location, UriKind.Absolute, out var location)
                ? new WidgetLink(body.Id, location)
                : throw new FinxException(FinxFailure.Unavailable, (int)response.StatusCode);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FinxException(FinxFailure.Unavailable, (int)response.StatusCode, inner: exception);
        }
    });

    /// <summary>Reads a user's data (<c>GET /rest/...</c>) without buffering. The caller disposes the answer, whose status may be 401.</summary>
    /// <exception cref="FinxException">finX did not answer, or answered an error other than 401.</exception>
    public Task<HttpResponseMessage> ReadAsync(string relativeAddress, Secret accessToken, string? acceptLanguage, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        using var client = clients.CreateClient(DataClientName);
        using var request = new HttpRequestMessage(HttpMethod.Get, relativeAddress);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken.Reveal());
        if (acceptLanguage is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Language", acceptLanguage);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode && response.StatusCode is not HttpStatusCode.Unauthorized)
        {
            using (response)
            {
                await ThrowUnlessSuccessAsync(response, cancellationToken);
            }
        }

        return response;
    });

    /// <summary>Revokes a token as configured, within 5 seconds. A token that finX does not know counts as revoked. Never throws.</summary>
    public async Task<RevocationResult> RevokeAsync(Secret token)
    {
        if (options.Value.Revocation is RevocationMethod.None)
        {
            return new RevocationResult(IsDone: true, IsPassing: false, "revocation is switched off");
        }

        using var deadline = new CancellationTokenSource(RevocationLimit, time);
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var content = FinxBody.Of(new RevocationRequest(token.Reveal()), FinxJson.Default.RevocationRequest);
            using var request = options.Value.Revocation is RevocationMethod.Post
                ? new HttpRequestMessage(HttpMethod.Post, "auth/revoke") { Content = content }
                : new HttpRequestMessage(HttpMethod.Get, $"auth/revoke?token={Uri.EscapeDataString(token.Reveal())}");
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return await RevocationOfAsync(response, deadline.Token);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new RevocationResult(IsDone: false, IsPassing: true, deadline.IsCancellationRequested ? $"no answer within {RevocationLimit}" : $"finX did not answer ({exception.GetType().Name})");
        }
    }

    private async Task<RevocationResult> RevocationOfAsync(HttpResponseMessage response, CancellationToken deadline)
    {
        var status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return new RevocationResult(IsDone: true, IsPassing: false, $"status {status}");
        }

        var body = await BoundedBody.ReadAsync(response.Content, MaximumLink, deadline);
        var isDead = status < 500 && ErrorWords.Of(body.Bytes) is { IsDead: true, IsClient: false };
        var isPassing = !isDead && status is (408 or 423 or 425 or 429 or >= 500) and not 501;
        return new RevocationResult(isDead, isPassing, $"status {status}{(FinxError.TryParse(body.Bytes) is { } error ? $", {error}" : "")}")
        {
            Status = status,
            RetryAfter = RetryAfterHeader.Of(response.Headers, time.GetUtcNow()),
        };
    }

    /// <summary>Checks that finX answers: any answer but a server error counts. finX documents no health endpoint, so its base address is called.</summary>
    /// <exception cref="FinxException">finX did not answer, or answered with a server error.</exception>
    public Task ProbeAsync(CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        using var client = clients.CreateClient(ClientName);
        using var response = await client.GetAsync((Uri?)null, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode < HttpStatusCode.InternalServerError ? true : throw new FinxException(FinxFailure.Unavailable, (int)response.StatusCode);
    });

    private async Task ThrowUnlessSuccessAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        // The client's own time-out ends with the headers. An error body that stalls must not hold the caller.
        using var deadline = new CancellationTokenSource(options.Value.DataTimeout, time);
        await using var cancelled = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
        var exception = await FinxErrors.OfAsync(response, time.GetUtcNow(), deadline.Token);
        cancellationToken.ThrowIfCancellationRequested();
        if (exception.Failure is FinxFailure.ClientRefused)
        {
            metrics.Refusal(CallCounter.OperationOf(response.RequestMessage!.RequestUri!));
        }

        throw exception;
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (FinxErrors.IsFinxFault(exception))
        {
            LogFault(exception is HttpRequestException { HttpRequestError: var error } ? error.ToString() : exception.GetType().Name);
            throw new FinxException(FinxFailure.Unavailable, inner: exception);
        }
    }

    [LoggerMessage(81, LogLevel.Warning, "finX was not reached, or broke off before its answer ({Why}).")]
    private partial void LogFault(string why);
}
