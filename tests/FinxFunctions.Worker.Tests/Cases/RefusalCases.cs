using System.Net;
using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;

namespace FinxFunctions.Worker.Tests.Cases;

/// <summary>Each way in which each function refuses what it is asked.</summary>
public sealed class RefusalCases(SharedHosts hosts) : HostCases(hosts)
{
    private const string Link = """{"user_id":"u","return_uri":"RETURN"}""";

    [Theory]
    [OnEachHost(
        "400 POST /api/links",
        "400 POST /api/links {}",
        "400 POST /api/links {\"user_id\":\"u\"}",
        "400 POST /api/links {\"user_id\":\"\",\"return_uri\":\"RETURN\"}",
        "400 POST /api/links {\"user_id\":7,\"return_uri\":\"RETURN\"}",
        "400 POST /api/links {\"user_id\":\"u\",\"return_uri\":\"https://evil.example/\"}",
        "400 POST /api/links {\"user_id\":\"u\",\"return_uri\":\"RETURN\",\"unknown\":1}",
        "400 POST /api/links {\"user_id\":\"u\",\"return_uri\":\"RETURN\",\"mode\":\"window\"}",
        "400 POST /api/links {\"user_id\":\"u\",\"return_uri\":\"RETURN\",\"sync_period\":\"x\"}",
        "400 POST /api/links {\"user_id\":\"u\",\"return_uri\":\"RETURN\",\"code_challenge\":\"short\"}",
        $"400 POST /api/links?nope=1 {Link}",
        $"400 POST /api/connections/{Nobody}/confirm",
        $"400 POST /api/connections/{Nobody}/confirm {{}}",
        $"400 POST /api/connections/{Nobody}/confirm?nope=1 {{\"code_verifier\":\"v\"}}",
        $"400 GET /api/connections/{Nobody}?nope=1",
        $"400 DELETE /api/connections/{Nobody}?nope=1",
        "400 GET /api/connections?nope=1",
        "400 GET /api/connections?limit=0",
        "400 GET /api/connections?limit=1001",
        "400 GET /api/connections?status=lost",
        "400 GET /api/connections?user_id=a&user_id=b",
        "400 GET /api/openapi.json?nope=1")]
    public async Task An_invalid_request_is_refused_with_what_is_wrong(HostKind kind, string refused)
    {
        using var answer = await SendAsync(kind, refused);

        Assert.NotEmpty((await answer.ProblemAsync(400, "invalid_request"))["errors"]!.AsObject());
    }

    [Theory]
    [OnEachHost(
        $"404 POST /api/connections/{Nobody}/confirm {{\"code_verifier\":\"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk\"}}",
        $"404 GET /api/connections/{Nobody}",
        $"404 DELETE /api/connections/{Nobody}",
        $"404 POST /api/connections/{Nobody}/token",
        $"404 GET /api/connections/{Nobody}/accounts",
        $"404 GET /api/connections/{Nobody}/accounts/a",
        $"404 GET /api/connections/{Nobody}/transactions",
        $"404 GET /api/connections/{Nobody}/accounts/a/transactions",
        "404 GET /api/connections/nope",
        $"404 POST /api/links {{\"user_id\":\"u\",\"return_uri\":\"RETURN\",\"connection_id\":\"{Nobody}\"}}")]
    public async Task A_connection_that_does_not_exist_is_not_found(HostKind kind, string refused)
    {
        using var answer = await SendAsync(kind, refused);

        await answer.ProblemAsync(404, "unknown_connection");
    }

    [Theory]
    [OnEachHost("POST {}/token", "GET {}/accounts", "GET {}/accounts/a", "GET {}/transactions", "GET {}/accounts/a/transactions")]
    public async Task A_connection_whose_user_has_not_come_back_gives_neither_token_nor_data(HostKind kind, string call)
    {
        var caller = (await Hosts.GetAsync(kind)).Caller;
        var id = (await caller.CreateLinkAsync()).Text("connection_id");

        using var answer = await caller.SendAsync(call.Replace("{}", $"/api/connections/{id}", StringComparison.Ordinal));

        Assert.Equal("not_connected", (await answer.ProblemAsync(409, "needs_reconsent")).Text("reason"));
    }

    [Theory]
    [OnEachHost("{\"min_validity\":-1}", "{\"min_validity\":3601}", "{\"rejected_generation\":0}", "{\"nope\":1}", "[]")]
    public async Task A_wish_that_no_token_satisfies_is_refused(HostKind kind, string body)
    {
        var caller = (await Hosts.GetAsync(kind)).Caller;
        var id = await caller.ConnectAsync();

        using var answer = await caller.SendAsync($"POST /api/connections/{id}/token", body);

        await answer.ProblemAsync(400, "invalid_request");
    }

    [Theory, OnEachHost]
    public async Task An_account_that_finX_does_not_know_is_not_found(HostKind kind)
    {
        var caller = (await Hosts.GetAsync(kind)).Caller;
        var id = await caller.ConnectAsync();

        using var answer = await caller.SendAsync($"GET /api/connections/{id}/accounts/nope");

        await answer.ProblemAsync(404, "not_found");
    }

    [Theory]
    [OnEachHost("/api/callback", "/api/callback?state=", "/api/callback?state=nope&code=c", "/api/callback?code=c", "/api/callback?state=a&state=b")]
    public async Task A_return_that_belongs_to_no_flow_is_told_the_user_on_a_plain_page(HostKind kind, string path)
    {
        using var answer = await (await Hosts.GetAsync(kind)).Caller.SendAsync($"GET {path}", key: "");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [OnEachHost("/api/health?probe=1", "/api/health/live?probe=1")]
    public async Task A_health_probe_with_a_query_string_is_answered(HostKind kind, string path)
    {
        using var answer = await (await Hosts.GetAsync(kind)).Caller.SendAsync($"GET {path}", key: "");

        // 503: on a busy machine a dependency may not answer within the patience of a health check. That is an answer too.
        Assert.True(answer.IsSuccessStatusCode || answer.StatusCode is HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}");
    }

    [Theory, OnEachHost]
    public async Task Every_problem_has_a_trace_id_to_ask_about(HostKind kind)
    {
        using var answer = await (await Hosts.GetAsync(kind)).Caller.SendAsync($"GET /api/connections/{Nobody}");

        Assert.Matches("^[0-9a-f]{32}$", (await answer.ProblemAsync(404, "unknown_connection")).Text("trace_id"));
    }

    private async Task<HttpResponseMessage> SendAsync(HostKind kind, string refused)
    {
        var parts = refused.Replace("RETURN", ExternalHost.ReturnUri, StringComparison.Ordinal).Split(' ', 4);
        return await (await Hosts.GetAsync(kind)).Caller.SendAsync($"{parts[1]} {parts[2]}", parts.ElementAtOrDefault(3));
    }
}
