using System.Net;
using System.Text.Json.Nodes;
using FinxFunctions.Tests.Running;

namespace FinxFunctions.Tests.Authorization;

/// <summary>Two Entra applications that must not see each other's connections, and requests without a valid principal.</summary>
public class CallersApartTests
{
    private static readonly Dictionary<string, string?> Entra = new() { ["Callers:Mode"] = "Entra" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Every call about a connection, with the role that it needs. <c>{id}</c> stands for the connection.</summary>
    public static TheoryData<string, string, string> Calls() => new()
    {
        { "GET", "/api/connections/{id}", "Connections.Read" },
        { "DELETE", "/api/connections/{id}", "Connections.Delete" },
        { "POST", "/api/connections/{id}/token", "Tokens.Read" },
        { "POST", "/api/connections/{id}/confirm", "Links.Create" },
        { "POST", "/api/links", "Links.Create" },
        { "GET", "/api/connections", "Connections.Read" },
        { "GET", "/api/connections/{id}/accounts", "Connections.Read" },
        { "GET", "/api/connections/{id}/accounts/1", "Connections.Read" },
        { "GET", "/api/connections/{id}/transactions", "Connections.Read" },
        { "GET", "/api/connections/{id}/accounts/1/transactions", "Connections.Read" },
    };

    [Fact]
    public async Task Another_callers_connection_does_not_exist_on_any_route()
    {
        await using var app = await App.StartAsync(Entra);
        var id = await ConnectAsync(app, Principal.First);
        var other = Principal.Of(Principal.Second, Principal.AllRoles);

        foreach (var (method, path, _) in Calls().Select(row => row.Data).Where(call => call.Item2 != "/api/connections"))
        {
            using var answer = await SendAsync(app, method, path.Replace("{id}", id, StringComparison.Ordinal), other, connectionId: id);
            await answer.ProblemAsync(404, "unknown_connection");
        }

        Assert.Equal(["links.create", "token.exchange"], app.CallsToFinx());
        using var mine = await SendAsync(app, "GET", $"/api/connections/{id}", Principal.Of(Principal.First, "Connections.Read"));
        Assert.Equal("active", (await mine.JsonAsync()).Text("status"));
    }

    [Fact]
    public async Task A_cached_token_is_served_to_its_own_caller_only()
    {
        await using var app = await App.StartAsync(Entra);
        var id = await ConnectAsync(app, Principal.First);
        using var own = await SendAsync(app, "POST", $"/api/connections/{id}/token", Principal.Of(Principal.First, "Tokens.Read"));

        using var other = await SendAsync(app, "POST", $"/api/connections/{id}/token", Principal.Of(Principal.Second, "Tokens.Read"));

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        await other.ProblemAsync(404, "unknown_connection");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?user_id=u")]
    [InlineData("?status=active")]
    public async Task Lists_hold_only_the_callers_own_connections(string query)
    {
        await using var app = await App.StartAsync(Entra);
        var first = await ConnectAsync(app, Principal.First);
        var second = await ConnectAsync(app, Principal.Second);

        using var ofFirst = await SendAsync(app, "GET", "/api/connections" + query, Principal.Of(Principal.First, "Connections.Read"));
        using var ofSecond = await SendAsync(app, "GET", "/api/connections" + query, Principal.Of(Principal.Second, "Connections.Read"));
        using var ofNobody = await SendAsync(app, "GET", "/api/connections" + query, Principal.Of("33333333-3333-3333-3333-333333333333", "Connections.Read"));

        Assert.Equal([first], await IdsAsync(ofFirst));
        Assert.Equal([second], await IdsAsync(ofSecond));
        Assert.Empty(await IdsAsync(ofNobody));
    }

    [Theory, MemberData(nameof(Calls))]
    public async Task Each_role_opens_its_own_routes_and_no_other(string method, string path, string role)
    {
        await using var app = await App.StartAsync(Entra);
        var somewhere = path.Replace("{id}", "00000000000000000000000000000000", StringComparison.Ordinal);

        using var with = await SendAsync(app, method, somewhere, Principal.Of(Principal.First, role));
        using var without = await SendAsync(app, method, somewhere, Principal.Of(Principal.First, [.. Principal.AllRoles.Where(other => other != role)]));
        using var byLongName = await SendAsync(app, method, somewhere, Principal.OfClaims(("appid", Principal.First), ("http://schemas.microsoft.com/ws/2008/06/identity/claims/role", role)));

        Assert.Contains(role, (await without.ProblemAsync(403, "forbidden")).Text("title"), StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.Forbidden, with.StatusCode);
        Assert.NotEqual(HttpStatusCode.Unauthorized, with.StatusCode);
        Assert.Equal(with.StatusCode, byLongName.StatusCode);
    }

    public static TheoryData<string> Garbled() =>
    [
        "",
        "x",
        "e30=",
        Principal.Encode("[]"),
        Principal.Encode("null"),
        Principal.Encode("""{"claims":null}"""),
        Principal.Encode("""{"claims":{}}"""),
        Principal.Encode("""{"claims":[1]}"""),
        Principal.Encode("""{"claims":[null]}"""),
        Principal.Encode("""{"claims":[{}]}"""),
        Principal.Encode("""{"claims":[{"typ":1,"val":2}]}"""),
        Principal.Encode("""{"claims":[{"typ":"azp","val":"\ud800"}]}"""),
        Principal.Encode("""{"claims":[{"typ":"azp"}]}"""),
        Principal.Encode("""{"claims":[{"typ":"azp","val":"11111111-1111-1111-1111-111111111111"}"""),
        Principal.OfClaims(("roles", "Connections.Read")),
        Principal.OfClaims(("azp", "not-a-guid"), ("roles", "Connections.Read")),
        Principal.OfClaims(("azp", ""), ("roles", "Connections.Read")),
        Principal.OfClaims(("azp", Principal.First), ("appid", Principal.Second), ("roles", "Connections.Read")),
        Principal.OfClaims(("name", Principal.First), ("roles", "Connections.Read")),
        Principal.OfClaims(("azp", Principal.First), ("roles", "Connections.Read"), ("x", new string('x', 64 * 1024))),
    ];

    [Theory, MemberData(nameof(Garbled))]
    public async Task Without_a_principal_that_can_be_read_every_route_is_closed(string principal)
    {
        await using var app = await App.StartAsync(Entra);

        foreach (var (method, path, _) in Calls().Select(row => row.Data))
        {
            using var answer = await SendAsync(app, method, path.Replace("{id}", "00000000000000000000000000000000", StringComparison.Ordinal), principal);
            await answer.ProblemAsync(401, "unauthorized");
        }

        Assert.Empty(app.Sandbox.Journal.Entries);
        Assert.Empty(await app.RowsAsync("connections"));
    }

    [Theory, MemberData(nameof(Calls))]
    public async Task Without_a_principal_every_route_is_closed(string method, string path, string role)
    {
        await using var app = await App.StartAsync(Entra);

        using var answer = await SendAsync(app, method, path.Replace("{id}", role, StringComparison.Ordinal), null);

        await answer.ProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task Two_principals_in_one_request_are_refused()
    {
        await using var app = await App.StartAsync(Entra);
        using var request = Principal.Request(HttpMethod.Get, "/api/connections", Principal.Of(Principal.First, "Connections.Read"));
        request.Headers.TryAddWithoutValidation("X-MS-CLIENT-PRINCIPAL", Principal.Of(Principal.Second, "Connections.Read"));

        using var answer = await app.Http.SendAsync(request, Cancel);

        await answer.ProblemAsync(401, "unauthorized");
    }

    [Fact]
    public async Task A_role_must_match_exactly()
    {
        await using var app = await App.StartAsync(Entra);

        foreach (var role in new[] { "connections.read", "Connections.Read ", "Connections", "Connections.Read,Tokens.Read", "Connections.Read.All" })
        {
            using var answer = await SendAsync(app, "GET", "/api/connections", Principal.Of(Principal.First, role));
            await answer.ProblemAsync(403, "forbidden");
        }
    }

    [Fact]
    public async Task A_renewal_keeps_the_caller_and_another_caller_cannot_begin_one()
    {
        await using var app = await App.StartAsync(Entra);
        var id = await ConnectAsync(app, Principal.First);

        using var other = await SendAsync(app, "POST", "/api/links", Principal.Of(Principal.Second, "Links.Create"), connectionId: id);
        using var own = await SendAsync(app, "POST", "/api/links", Principal.Of(Principal.First, "Links.Create"), connectionId: id);
        using var visit = await app.VisitAsync(app.Finish(await own.JsonAsync(HttpStatusCode.Created)));
        await app.SettleAsync();

        Assert.Equal("connected", visit.Returned()["status"]);
        await other.ProblemAsync(404, "unknown_connection");
        var row = Assert.Single(await app.RowsAsync("connections"), row => row.RowKey == "connection");
        Assert.Equal(Principal.First, row.GetString("Owner"));
        Assert.Equal(2, row.GetInt32("Generation"));
    }

    [Fact]
    public async Task With_function_keys_all_callers_are_the_same_and_a_principal_is_ignored()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();

        using var asFirst = await SendAsync(app, "GET", $"/api/connections/{id}", Principal.Of(Principal.First));
        using var asNobody = await SendAsync(app, "GET", $"/api/connections/{id}", null);

        Assert.Equal(HttpStatusCode.OK, asFirst.StatusCode);
        Assert.Equal(HttpStatusCode.OK, asNobody.StatusCode);
        Assert.Equal("function-key", Assert.Single(await app.RowsAsync("connections"), row => row.RowKey == "connection").GetString("Owner"));
    }

    [Fact]
    public async Task The_function_key_is_needed_in_Entra_mode_too()
    {
        await using var app = await App.StartAsync(new(Entra) { ["FunctionKey"] = "key" });

        using var answer = await SendAsync(app, "GET", "/api/connections", Principal.Of(Principal.First, "Connections.Read"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static async Task<string> ConnectAsync(App app, string application)
    {
        using var created = await SendAsync(app, "POST", "/api/links", Principal.Of(application, "Links.Create"));
        var link = await created.JsonAsync(HttpStatusCode.Created);
        using var returned = await app.VisitAsync(app.Finish(link));
        Assert.Equal("connected", returned.Returned()["status"]);
        return link.Text("connection_id");
    }

    private static Task<HttpResponseMessage> SendAsync(App app, string method, string path, string? principal, string? connectionId = null)
    {
        JsonObject? body = (method, path) switch
        {
            ("POST", "/api/links") => new() { ["user_id"] = "u", ["return_uri"] = World.ReturnUri, ["connection_id"] = connectionId },
            ("POST", _) when path.EndsWith("/confirm", StringComparison.Ordinal) => new() { ["code_verifier"] = "verifier" },
            _ => null,
        };
        return app.Http.SendAsync(Principal.Request(new HttpMethod(method), path, principal, body), Cancel);
    }

    private static async Task<IEnumerable<string>> IdsAsync(HttpResponseMessage list) =>
        [.. (await list.JsonAsync())["connections"]!.AsArray().Select(connection => connection!.AsObject().Text("connection_id"))];
}
