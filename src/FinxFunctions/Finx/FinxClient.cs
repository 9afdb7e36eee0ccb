using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FinxFunctions.Diagnostics;
using FinxFunctions.Primitives;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace FinxFunctions.Finx;

/// <summary>finX's links, data and revocation. <see cref="FinxTokenClient"/> calls the token endpoint.</summary>
public sealed class FinxClient(IHttpClientFactory clients, IOptions<FinxOptions> options, FinxMetrics metrics)
{
    /// <summary>The client with Basic authentication.</summary>
    public const string ClientName = "finx-client";

    /// <summary>The client that presents a user's access token. It may repeat reads.</summary>
    public const string DataClientName = "finx-data";

    private const int MaximumErrorBody = 64 * 1024;

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
            var body = await response.Content.ReadFromJsonAsync(FinxJson.Default.WidgetLinkBody, cancellationToken);
            return body is { Id.Length: > 0 and <= 128 } && Uri.TryCreate(body.Location, UriKind.Absolute, out var location)
                ? new WidgetLink(body.Id, location)
                : throw new FinxException(FinxFailure.Unavailable, (int)response.StatusCode);
        }
        catch (JsonException exception)
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

    /// <summary>Revokes a token as configured. A token that finX does not know counts as revoked.</summary>
    /// <exception cref="FinxException">finX did not answer, or refused.</exception>
    public Task RevokeAsync(Secret token, CancellationToken cancellationToken) => options.Value.Revocation is RevocationMethod.None
        ? Task.CompletedTask
        : GuardAsync(async () =>
        {
            using var client = clients.CreateClient(ClientName);
            using var content = FinxBody.Of(new RevocationRequest(token.Reveal()), FinxJson.Default.RevocationRequest);
            using var response = options.Value.Revocation is RevocationMethod.Post
                ? await client.PostAsync(new Uri("auth/revoke", UriKind.Relative), content, cancellationToken)
                : await client.GetAsync(new Uri($"auth/revoke?token={Uri.EscapeDataString(token.Reveal())}", UriKind.Relative), cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Gone))
            {
                await ThrowUnlessSuccessAsync(response, cancellationToken);
            }

            return true;
        });

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

        var error = await ReadErrorAsync(response, cancellationToken);
        var failure = response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests or HttpStatusCode.Locked or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => FinxFailure.Unavailable,
            _ when error is { Code: 1004 } => FinxFailure.ClientRefused,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => FinxFailure.ClientRefused,
            HttpStatusCode.NotFound => FinxFailure.NotFound,
            >= HttpStatusCode.BadRequest => FinxFailure.InvalidRequest,
            _ => FinxFailure.Unavailable,
        };
        if (failure is FinxFailure.ClientRefused)
        {
            metrics.Refusal(CallCounter.OperationOf(response.RequestMessage!.RequestUri!));
        }

        throw new FinxException(failure, (int)response.StatusCode, error, response.Headers.RetryAfter?.Delta);
    }

    private static async Task<FinxError?> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaximumErrorBody, cancellationToken);
            return FinxError.TryParse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is HttpRequestException or BrokenCircuitException or TimeoutRejectedException or IOException)
        {
            throw new FinxException(FinxFailure.Unavailable, inner: exception);
        }
        catch (TaskCanceledException exception) when (exception.InnerException is TimeoutException)
        {
            throw new FinxException(FinxFailure.Unavailable, inner: exception);
        }
    }
}
