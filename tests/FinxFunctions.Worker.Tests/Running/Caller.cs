using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using FinxFunctions.Worker.Tests.Hosts;

namespace FinxFunctions.Worker.Tests.Running;

/// <summary>A service that calls the functions over HTTP, with the function key; and what its users do.</summary>
public sealed class Caller(HostUnderTest host) : IDisposable
{
    public const string KeyHeader = "x-functions-key";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Follows no redirect, and sends no key.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Address, Timeout = Patience };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Sends a request, with the function key unless another is given.</summary>
    /// <param name="call">Method and path, such as <c>GET /api/health</c>.</param>
    /// <param name="body">JSON.</param>
    /// <param name="key">Empty sends none.</param>
    public Task<HttpResponseMessage> SendAsync(string call, string? body = null, string? key = null) =>
        SendAsync(call, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"), key);

    public Task<HttpResponseMessage> SendAsync(string call, HttpContent? content, string? key = null) => SendWhileAsync(call, content, key, Cancel);

    /// <summary>Goes away when the token says so.</summary>
    public async Task<HttpResponseMessage> SendWhileAsync(string call, HttpContent? content, string? key, CancellationToken staying)
    {
        var (method, path) = (call.Split(' ')[0], call.Split(' ', 2)[1]);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(host.Address, path)) { Content = content };
        if ((key ?? host.FunctionKey) is { Length: > 0 } sent)
            request.Headers.TryAddWithoutValidation(KeyHeader, sent);
        return await Http.SendAsync(request, staying);
    }

    /// <summary>Makes a link for a new connection, or for the fields given.</summary>
    public async Task<JsonObject> CreateLinkAsync(JsonObject? fields = null)
    {
        var body = new JsonObject { ["user_id"] = "user-1", ["return_uri"] = ExternalHost.ReturnUri };
        foreach (var (name, value) in fields ?? [])
            body[name] = value?.DeepClone();
        using var answer = await SendAsync("POST /api/links", body.ToJsonString());
        return await answer.JsonAsync(HttpStatusCode.Created);
    }

    /// <summary>Takes the user through the widget without its pages; gives the address that finX sends the browser to.</summary>
    /// <param name="outcome"><c>success</c>, <c>cancel</c> or <c>fail</c>.</param>
    public async Task<Uri> FinishAsync(JsonObject link, string outcome = "success")
    {
        var sandbox = host.Sandbox ?? throw HostUnderTest.Skip("Needs the sandbox: FINX_SUITE_SANDBOX names none.");
        using var answer = await Http.PostAsJsonAsync(new Uri(sandbox, $"sandbox/links/{link.Text("flow_id")}/finish"), new { outcome }, Cancel);
        return new((await answer.JsonAsync()).Text("location"));
    }

    /// <summary>Brings the user's browser back to the callback.</summary>
    public Task<HttpResponseMessage> ReturnAsync(Uri address) => SendAsync($"GET {address.PathAndQuery}", key: "");

    /// <summary>
    /// Connects a bank; gives the connection's id. The user is answered once finX's answer is persisted. This waits for the commit, without which
    /// the connection may be busy: lists show what is committed.
    /// </summary>
    public async Task<string> ConnectAsync(JsonObject? fields = null)
    {
        var link = await CreateLinkAsync(fields);
        using var returned = await ReturnAsync(await FinishAsync(link));
        Assert.Equal("connected", returned.Returned()["status"]);
        var id = link.Text("connection_id");
        await Eventually.UntilAsync(async () =>
        {
            using var list = await SendAsync("GET /api/connections?status=active&limit=1000");
            return (await list.JsonAsync())["connections"]!.AsArray().Any(listed => listed!.AsObject().Text("connection_id") == id);
        });
        return id;
    }

    public async Task<JsonObject> GetConnectionAsync(string id)
    {
        using var answer = await SendAsync($"GET /api/connections/{id}");
        return await answer.JsonAsync();
    }

    public Task<HttpResponseMessage> AskTokenAsync(string id, int? rejected = null) =>
        SendAsync($"POST /api/connections/{id}/token", rejected is { } generation ? $$"""{"rejected_generation":{{generation}}}""" : null);

    /// <summary>Has the timer run now; the run goes on behind the answer.</summary>
    public async Task FireTimerAsync()
    {
        var key = host.MasterKey ?? throw HostUnderTest.Skip("Needs the master key: FINX_SUITE_MASTER_KEY holds none.");
        using var answer = await SendAsync("POST /admin/functions/RotateRefreshTokens", "{}", key);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    public void Dispose() => Http.Dispose();
}
