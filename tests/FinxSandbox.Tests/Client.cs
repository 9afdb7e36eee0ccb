using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using FinxSandbox.Finx.Widget;

namespace FinxSandbox.Tests;

/// <summary>A sandbox of its own and a client of its finX.</summary>
internal sealed class Client : IAsyncDisposable
{
    private Client(SandboxServer server)
    {
        Server = server;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.FinxAddress, Timeout = TimeSpan.FromMinutes(5) };
        Http.DefaultRequestHeaders.Authorization = Basic("sandbox-client", "sandbox-secret");
    }

    public SandboxServer Server { get; }

    public HttpClient Http { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Client> StartAsync(SandboxOptions? options = null) =>
        new(await SandboxServer.StartAsync(options ?? new SandboxOptions(), Cancel));

    public static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public static async Task<JsonObject> JsonAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonObject>(Cancel))!;

    public Task<HttpResponseMessage> PostAsync(string path, JsonObject body) => Http.PostAsJsonAsync(path, body, Cancel);

    /// <summary>Makes a link; gives its id and location.</summary>
    public async Task<(string FlowId, string Location)> LinkAsync(JsonObject? fields = null, string path = "/ongoing/access")
    {
        var body = new JsonObject { ["redirect_uri"] = "https://app.example/cb", ["user_id"] = "user-1", ["state"] = "s-1" };
        foreach (var (name, value) in fields ?? [])
            body[name] = value?.DeepClone();
        var link = await JsonAsync(await PostAsync(path, body));
        return (link["id"]!.GetValue<string>(), link["location"]!.GetValue<string>());
    }

    /// <summary>Goes through the widget and gives the code.</summary>
    public async Task<string> CodeAsync(JsonObject? fields = null)
    {
        var (flowId, _) = await LinkAsync(fields);
        return HttpUtility.ParseQueryString(Server.Finish(flowId, WidgetOutcome.Success)!.Query)["code"]!;
    }

    public Task<HttpResponseMessage> ExchangeAsync(string code) =>
        PostAsync("/auth/token", new JsonObject { ["grant_type"] = "authorization_code", ["code"] = code });

    public Task<HttpResponseMessage> RefreshAsync(string refreshToken) =>
        PostAsync("/auth/token", new JsonObject { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken });

    /// <summary>Connects and gives the first pair of tokens.</summary>
    public async Task<(string Access, string Refresh)> ConnectAsync(JsonObject? fields = null) => Pair(await JsonAsync(await ExchangeAsync(await CodeAsync(fields))));

    public static (string Access, string Refresh) Pair(JsonObject tokens) =>
        (tokens["access_token"]!.GetValue<string>(), tokens["refresh_token"]!.GetValue<string>());

    public async Task<HttpResponseMessage> BearerAsync(string accessToken, string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", accessToken);
        return await Http.SendAsync(request, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
