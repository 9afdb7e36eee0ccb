using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polly.Timeout;

namespace FinxFunctions.Client;

/// <summary>
/// Calls FinxFunctions. What fails throws a <see cref="FinxFunctionsException"/>; what is cancelled, an
/// <see cref="OperationCanceledException"/>. Only reads are repeated.
/// </summary>
public sealed class FinxFunctionsClient
{
    private const int MaximumProblem = 256 * 1024;

    private readonly HttpClient _http;

    /// <param name="http">As <c>AddFinxFunctionsClient</c> makes it.</param>
    public FinxFunctionsClient(HttpClient http) => _http = http;

    /// <summary>Makes a link to the widget (<c>POST /api/links</c>).</summary>
    /// <param name="idempotencyKey">1 to 128 visible ASCII characters: repeating the call with the same key and request gives the same link. Null for a new link each time.</param>
    /// <exception cref="IdempotencyConflictException">The key came with another request before.</exception>
    public Task<CreatedLink> CreateLinkAsync(LinkRequest link, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        var request = Post("api/links", link, ClientJson.Default.LinkRequest);
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return ReadAsync(request, ClientJson.Default.CreatedLink, cancellationToken);
    }

    /// <summary>Confirms a flow that was bound to a browser (<c>POST /api/connections/{id}/confirm</c>). Repeatable.</summary>
    /// <param name="codeVerifier">What the link's <see cref="LinkRequest.CodeChallenge"/> is the hash of.</param>
    /// <exception cref="LinkFailedException">The flow came to nothing.</exception>
    public async Task ConfirmLinkAsync(string connectionId, Secret codeVerifier, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(Post(Of(connectionId, "/confirm"), new LinkConfirmation(codeVerifier.Reveal()), ClientJson.Default.LinkConfirmation), cancellationToken);
    }

    /// <summary>Tells how a connection stands (<c>GET /api/connections/{id}</c>).</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public Task<Connection> GetConnectionAsync(string connectionId, CancellationToken cancellationToken = default) =>
        ReadAsync(Get(Of(connectionId)), ClientJson.Default.Connection, cancellationToken);

    /// <summary>All of the caller's connections, fetched page by page (<c>GET /api/connections</c>).</summary>
    /// <param name="userId">Only this user's; null for all.</param>
    /// <param name="status">Only these; null for all.</param>
    /// <param name="pageSize">How many to fetch at a time, 1 to 1000.</param>
    public async IAsyncEnumerable<Connection> ListConnectionsAsync(string? userId = null, ConnectionStatus? status = null, int pageSize = 100, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? next = null;
        do
        {
            KeyValuePair<string, string?>[] query =
            [
                new("user_id", userId),
                new("status", status is { } wanted ? JsonNamingPolicy.SnakeCaseLower.ConvertName(wanted.ToString()) : null),
                new("limit", pageSize.ToString(CultureInfo.InvariantCulture)),
                new("next", next),
            ];
            var page = await ReadAsync(Get("api/connections" + Query(query)), ClientJson.Default.ConnectionPage, cancellationToken);
            foreach (var connection in page.Connections)
            {
                yield return connection;
            }

            next = page.Next;
        }
        while (next is not null);
    }

    /// <summary>Deletes a connection (<c>DELETE /api/connections/{id}</c>). Repeatable.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public async Task DeleteConnectionAsync(string connectionId, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Delete, Of(connectionId)), cancellationToken);
    }

    /// <summary>Gets an access token (<c>POST /api/connections/{id}/token</c>).</summary>
    /// <param name="minValidity">How long it must be good for, in whole seconds, 1 hour at most; null for a minute.</param>
    /// <param name="rejectedGeneration">The <see cref="IssuedToken.Generation"/> of a token that finX answered 401 to.</param>
    /// <exception cref="NeedsReconsentException">Only the user can bring the connection back.</exception>
    public Task<IssuedToken> GetTokenAsync(string connectionId, TimeSpan? minValidity = null, int? rejectedGeneration = null, CancellationToken cancellationToken = default) =>
        ReadAsync(Post(Of(connectionId, "/token"), new TokenRequest((int?)minValidity?.TotalSeconds, rejectedGeneration), ClientJson.Default.TokenRequest), ClientJson.Default.IssuedToken, cancellationToken);

    /// <summary>The accounts of a connection: finX's JSON as it comes, to be disposed of.</summary>
    /// <param name="parameters">Go to finX as they are.</param>
    /// <exception cref="NeedsReconsentException">Only the user can bring the connection back.</exception>
    public Task<Stream> GetAccountsAsync(string connectionId, IEnumerable<KeyValuePair<string, string?>>? parameters = null, CancellationToken cancellationToken = default) =>
        StreamAsync(Of(connectionId, "/accounts"), parameters, cancellationToken);

    /// <summary>One account of a connection: finX's JSON as it comes, to be disposed of.</summary>
    /// <inheritdoc cref="GetAccountsAsync"/>
    public Task<Stream> GetAccountAsync(string connectionId, string accountId, IEnumerable<KeyValuePair<string, string?>>? parameters = null, CancellationToken cancellationToken = default) =>
        StreamAsync(Of(connectionId, $"/accounts/{Uri.EscapeDataString(accountId)}"), parameters, cancellationToken);

    /// <summary>The transactions of all accounts of a connection: finX's JSON as it comes, to be disposed of.</summary>
    /// <inheritdoc cref="GetAccountsAsync"/>
    public Task<Stream> GetTransactionsAsync(string connectionId, IEnumerable<KeyValuePair<string, string?>>? parameters = null, CancellationToken cancellationToken = default) =>
        StreamAsync(Of(connectionId, "/transactions"), parameters, cancellationToken);

    /// <summary>The transactions of one account: finX's JSON as it comes, to be disposed of.</summary>
    /// <inheritdoc cref="GetAccountsAsync"/>
    public Task<Stream> GetAccountTransactionsAsync(string connectionId, string accountId, IEnumerable<KeyValuePair<string, string?>>? parameters = null, CancellationToken cancellationToken = default) =>
        StreamAsync(Of(connectionId, $"/accounts/{Uri.EscapeDataString(accountId)}/transactions"), parameters, cancellationToken);

    private static string Of(string connectionId, string what = "") => $"api/connections/{Uri.EscapeDataString(connectionId)}{what}";

    private static string Query(IEnumerable<KeyValuePair<string, string?>> parameters)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in parameters.Where(parameter => parameter.Value is not null))
        {
            query.Append(query.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value!));
        }

        return query.ToString();
    }

    private static HttpRequestMessage Get(string address) => new(HttpMethod.Get, address);

    private static HttpRequestMessage Post<T>(string address, T body, JsonTypeInfo<T> type) => new(HttpMethod.Post, address) { Content = JsonContent.Create(body, type) };

    private async Task<T> ReadAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, cancellationToken);
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new JsonException("The body is null.");
        }
        catch (JsonException exception)
        {
            throw Unexpected(response).ToException(exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw NoAnswer.ToException(exception);
        }
    }

    private async Task<Stream> StreamAsync(string address, IEnumerable<KeyValuePair<string, string?>>? parameters, CancellationToken cancellationToken)
    {
        var response = await SendAsync(Get(address + Query(parameters ?? [])), cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <summary>The answer, if it is a success; its body is not read yet.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using (request)
            {
                var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return response;
                }

                using (response)
                {
                    throw (await ProblemOfAsync(response, cancellationToken)).ToException();
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TimeoutRejectedException)
        {
            throw NoAnswer.ToException(exception);
        }
    }

    private static Problem NoAnswer => new("no_answer", null, "No answer came: what was asked may have been done all the same.");

    private static Problem Unexpected(HttpResponseMessage response) => new("unexpected_answer", (int)response.StatusCode, "The answer is none of the service's.");

    private static async Task<Problem> ProblemOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var wait = response.Headers.RetryAfter?.Delta;
        if (response.Content.Headers.ContentType?.MediaType is not "application/problem+json")
        {
            // The host's own: 401 of a wrong key, 404 of a wrong address, a gateway's page.
            return (int)response.StatusCode switch
            {
                401 => new("unauthorized", 401, "The service does not know this key or caller."),
                403 => new("forbidden", 403, "This caller may not do this."),
                _ => Unexpected(response) with { RetryAfter = wait },
            };
        }

        try
        {
            await response.Content.LoadIntoBufferAsync(MaximumProblem, cancellationToken);
            var body = await response.Content.ReadFromJsonAsync(ClientJson.Default.ProblemBody, cancellationToken);
            var problem = body?.Code is { } code ? new Problem(code, (int)response.StatusCode, body.Title ?? "") { TraceId = body.TraceId, Reason = body.Reason } : Unexpected(response);
            return (body?.Errors is { } errors ? problem with { Errors = errors } : problem) with { RetryAfter = wait };
        }
        catch (JsonException)
        {
            return Unexpected(response) with { RetryAfter = wait };
        }
    }
}
