using System.Net;
using System.Text;
using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Hosting;

/// <summary>The admin addresses of DevHost answer as those of the Functions host do.</summary>
public class AdminTests(AdminTests.TwoKeyApp keyed) : IClassFixture<AdminTests.TwoKeyApp>
{
    private const string FunctionKey = "the-function-key";
    private const string MasterKey = "the-master-key";
    private const string RunTimer = "/admin/functions/RotateRefreshTokens";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    [InlineData(FunctionKey, HttpStatusCode.Forbidden)]
    [InlineData(MasterKey, HttpStatusCode.OK)]
    public async Task The_status_needs_the_master_key(string? key, HttpStatusCode expected) => Assert.Equal(expected, await SendAsync("GET", "/admin/host/status", key));

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    [InlineData(FunctionKey, HttpStatusCode.Forbidden)]
    [InlineData(MasterKey, HttpStatusCode.Accepted)]
    public async Task To_run_a_timer_needs_the_master_key(string? key, HttpStatusCode expected) => Assert.Equal(expected, await SendAsync("POST", RunTimer, key, "{}"));

    [Theory]
    [InlineData(FunctionKey)]
    [InlineData(MasterKey)]
    public async Task Both_keys_open_functions(string key) => Assert.Equal(HttpStatusCode.OK, await SendAsync("GET", "/api/connections", key));

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task The_ping_needs_no_key(string method) => Assert.Equal(HttpStatusCode.OK, await SendAsync(method, "/admin/host/ping", null));

    [Fact]
    public async Task The_status_tells_the_state()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/admin/host/status?code={MasterKey}");
        using var response = await keyed.App.Http.SendAsync(request, Cancel);

        Assert.Equal("Running", (await response.JsonAsync()).Text("state"));
    }

    [Theory]
    [InlineData("/admin/functions/Nothing", "{}", "application/json", HttpStatusCode.NotFound)]
    [InlineData("/admin/functions/GetToken", "{}", "application/json", HttpStatusCode.NotImplemented)]
    [InlineData("/admin/functions/rotaterefreshtokens", "{}", "application/json", HttpStatusCode.Accepted)]
    [InlineData(RunTimer, null, null, HttpStatusCode.Accepted)]
    [InlineData(RunTimer, "{}", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(RunTimer, "[]", "application/json", HttpStatusCode.BadRequest)]
    [InlineData(RunTimer, "{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("/admin/nothing", "{}", "application/json", HttpStatusCode.NotFound)]
    public async Task A_request_to_run_a_function_is_checked(string path, string? body, string? type, HttpStatusCode expected) => Assert.Equal(expected, await SendAsync("POST", path, MasterKey, body, type));

    [Fact]
    public async Task Without_a_master_key_the_function_key_opens_everything()
    {
        await using var app = await App.StartAsync(new() { ["FunctionKey"] = FunctionKey });

        using var with = await app.Http.GetAsync($"/admin/host/status?code={FunctionKey}", Cancel);
        using var without = await app.Http.GetAsync("/admin/host/status", Cancel);

        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
    }

    [Fact]
    public async Task Without_any_key_everything_is_open()
    {
        await using var app = await App.StartAsync();

        using var response = await app.Http.GetAsync("/admin/host/status", Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<HttpStatusCode> SendAsync(string method, string path, string? key, string? body = null, string? type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type!);
        }

        using var response = await keyed.App.Http.SendAsync(request, Cancel);
        return response.StatusCode;
    }

    /// <summary>An app with a function key and a master key.</summary>
    public sealed class TwoKeyApp : IAsyncLifetime
    {
        public App App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await App.StartAsync(new() { ["FunctionKey"] = FunctionKey, ["MasterKey"] = MasterKey });

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
