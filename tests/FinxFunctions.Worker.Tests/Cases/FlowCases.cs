using System.Net;
using System.Text.Json.Nodes;
using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;

namespace FinxFunctions.Worker.Tests.Cases;

/// <summary>What the functions are for, from the link to the deletion.</summary>
public sealed class FlowCases(SharedHosts hosts) : HostCases(hosts)
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    [Theory, OnEachHost]
    public async Task A_user_connects_a_bank_in_the_widget_and_a_service_reads_its_data_and_deletes_the_connection(HostKind kind)
    {
        var host = await Hosts.GetAsync(kind);
        var caller = host.Caller;
        if (host.Sandbox is null)
            throw HostUnderTest.Skip("Needs the sandbox: FINX_SUITE_SANDBOX names none.");

        var link = await caller.CreateLinkAsync(new() { ["user_id"] = $"flow-{Guid.NewGuid():N}", ["state"] = "mine & only=mine" });
        using var returned = await caller.ReturnAsync(await new WidgetWalk(caller.Http).ConnectAsync(new(link.Text("location"))));
        var id = link.Text("connection_id");
        Assert.Equal(new() { ["connection_id"] = id, ["state"] = "mine & only=mine", ["status"] = "connected" }, returned.Returned());

        var connection = await caller.GetConnectionAsync(id);
        Assert.Equal("active", connection.Text("status"));
        Assert.Equal(1, connection.Number("generation"));

        using var token = await caller.AskTokenAsync(id);
        Assert.NotEmpty((await token.JsonAsync()).Text("access_token"));

        var accounts = (await JsonAsync(caller, $"GET /api/connections/{id}/accounts"))["accounts"]!.AsArray();
        var account = accounts[0]!.AsObject().Text("account_id");
        Assert.Equal(accounts[0]!.ToJsonString(), (await JsonAsync(caller, $"GET /api/connections/{id}/accounts/{account}")).ToJsonString());
        Assert.Equal(5, (await JsonAsync(caller, $"GET /api/connections/{id}/transactions?count=5"))["transactions"]!.AsArray().Count);
        Assert.All(
            (await JsonAsync(caller, $"GET /api/connections/{id}/accounts/{account}/transactions?count=3"))["transactions"]!.AsArray(),
            transaction => Assert.Equal(account, transaction!.AsObject().Text("account_id")));

        using var deleted = await caller.SendAsync($"DELETE /api/connections/{id}");
        await deleted.EmptyAsync(HttpStatusCode.NoContent);
        using var again = await caller.SendAsync($"DELETE /api/connections/{id}");
        await again.EmptyAsync(HttpStatusCode.NoContent);
        using var gone = await caller.SendAsync($"GET /api/connections/{id}");
        await gone.ProblemAsync(404, "unknown_connection");
        using var refused = await caller.AskTokenAsync(id);
        await refused.ProblemAsync(404, "unknown_connection");
    }

    [Theory, OnEachHost]
    public async Task A_flow_that_is_bound_to_its_browser_is_confirmed_with_the_verifier(HostKind kind)
    {
        var caller = (await Hosts.GetAsync(kind)).Caller;
        var link = await caller.CreateLinkAsync(new() { ["code_challenge"] = Challenge });
        var id = link.Text("connection_id");

        using var returned = await caller.ReturnAsync(await caller.FinishAsync(link));
        using var wrong = await caller.SendAsync($"POST /api/connections/{id}/confirm", """{"code_verifier":"wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong"}""");
        using var right = await caller.SendAsync($"POST /api/connections/{id}/confirm", $$"""{"code_verifier":"{{Verifier}}"}""");

        Assert.Equal("confirm", returned.Returned()["status"]);
        await wrong.ProblemAsync(400, "invalid_request");
        await right.EmptyAsync(HttpStatusCode.NoContent);
        Assert.Equal("active", (await caller.GetConnectionAsync(id)).Text("status"));
    }

    [Theory]
    [OnEachHost("cancel cancelled", "fail failed")]
    public async Task A_user_who_does_not_finish_is_sent_back_with_the_reason(HostKind kind, string outcome)
    {
        var caller = (await Hosts.GetAsync(kind)).Caller;

        using var returned = await caller.ReturnAsync(await caller.FinishAsync(await caller.CreateLinkAsync(), outcome.Split(' ')[0]));

        Assert.Equal(outcome.Split(' ')[1], returned.Returned()["status"]);
    }

    [Theory, OnEachHost]
    public async Task A_flow_in_a_popup_ends_in_a_page_that_tells_its_opener(HostKind kind)
    {
        var caller = (await Hosts.GetAsync(kind)).Caller;

        using var returned = await caller.ReturnAsync(await caller.FinishAsync(await caller.CreateLinkAsync(new() { ["mode"] = "popup" })));
        var page = await returned.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(HttpStatusCode.OK, returned.StatusCode);
        Assert.Equal("text/html", returned.Content.Headers.ContentType?.MediaType);
        Assert.Contains("finx_callback", page, StringComparison.Ordinal);
        Assert.True(returned.Headers.Contains("Content-Security-Policy"));
    }

    [Theory, OnEachHost]
    public async Task A_repeated_request_with_an_idempotency_key_gets_the_first_answer_and_another_one_none(HostKind kind)
    {
        var caller = (await Hosts.GetAsync(kind)).Caller;
        var key = Guid.NewGuid().ToString("N");

        using var first = await LinkAsync(caller, key, "one");
        using var second = await LinkAsync(caller, key, "one");
        using var other = await LinkAsync(caller, key, "two");

        Assert.Equal((await first.JsonAsync(HttpStatusCode.Created)).ToJsonString(), (await second.JsonAsync(HttpStatusCode.Created)).ToJsonString());
        await other.ProblemAsync(422, "idempotency_conflict");
    }

    private static async Task<HttpResponseMessage> LinkAsync(Caller caller, string key, string user)
    {
        var content = new StringContent($$"""{"user_id":"{{user}}","return_uri":"{{ExternalHost.ReturnUri}}"}""", System.Text.Encoding.UTF8, "application/json");
        content.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await caller.SendAsync("POST /api/links", content);
    }

    private static async Task<JsonObject> JsonAsync(Caller caller, string call)
    {
        using var answer = await caller.SendAsync(call);
        return await answer.JsonAsync();
    }
}
