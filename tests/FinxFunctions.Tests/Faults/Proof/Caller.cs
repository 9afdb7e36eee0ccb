using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>A company's service, and its user's browser, as clients of one host.</summary>
internal sealed class Caller : IDisposable
{
    private static readonly Uri ReturnUri = new("http://127.0.0.1/done");

    private readonly HttpClient _http;

    public Caller(Uri host)
        : this(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = host, Timeout = SlowMachine.HangLimit })
    {
    }

    public Caller(HttpClient http) => _http = http;

    public Task<Reply> CreateLinkAsync(string userId, string? connectionId = null)
    {
        JsonObject body = new() { ["user_id"] = userId, ["return_uri"] = ReturnUri.AbsoluteUri };
        if (connectionId is not null)
            body["connection_id"] = connectionId;
        return SendAsync(HttpMethod.Post, "api/links", body);
    }

    /// <summary>The browser follows finX's redirect, but to this host.</summary>
    public Task<Reply> ReturnAsync(Uri callback) => SendAsync(HttpMethod.Get, callback.PathAndQuery);

    public Task<Reply> TokenAsync(string id, int? rejected = null) => SendAsync(HttpMethod.Post, $"api/connections/{id}/token", rejected is { } generation ? new JsonObject { ["rejected_generation"] = generation } : []);

    public Task<Reply> AccountsAsync(string id) => SendAsync(HttpMethod.Get, $"api/connections/{id}/accounts");

    public Task<Reply> ConnectionAsync(string id) => SendAsync(HttpMethod.Get, $"api/connections/{id}");

    public Task<Reply> DeleteAsync(string id) => SendAsync(HttpMethod.Delete, $"api/connections/{id}");

    public Task<Reply> TickAsync() => SendAsync(HttpMethod.Post, "admin/functions/RotateRefreshTokens");

    public void Dispose() => _http.Dispose();

    private async Task<Reply> SendAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) is true;
        return new Reply(response.StatusCode, isJson ? JsonNode.Parse(text) as JsonObject ?? [] : [], response.Headers.Location, response.Headers.RetryAfter?.Delta);
    }
}
