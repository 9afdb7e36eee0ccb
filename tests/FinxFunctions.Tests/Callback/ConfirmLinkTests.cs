using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FinxFunctions.Tests.Authorization;
using FinxFunctions.Tests.Leaks;
using FinxFunctions.Tests.Running;
using FinxSandbox.Faults;
using FinxSandbox.Finx.Widget;

namespace FinxFunctions.Tests.Callback;

/// <summary>Flows that are bound to the browser in which they began. No code is exchanged before the verifier is presented.</summary>
public class ConfirmLinkTests
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    /// <summary>From RFC 7636, appendix B.</summary>
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_exchanged_before_the_confirmation_and_it_connects()
    {
        await using var app = await App.StartAsync();
        var link = await CreateAsync(app);
        var callback = app.Finish(link);

        using var held = await app.VisitAsync(callback);
        using var again = await app.VisitAsync(callback);
        var before = await app.GetConnectionAsync(link.Text("connection_id"));
        var exchangesBefore = app.Calls("token.exchange").Count;
        using var confirmed = await ConfirmAsync(app, link);

        Assert.Equal("confirm", held.Returned()["status"]);
        Assert.Equal(held.Headers.Location, again.Headers.Location);
        Assert.Equal("pending", before.Text("status"));
        Assert.Equal(0, exchangesBefore);
        Assert.Equal(HttpStatusCode.NoContent, confirmed.StatusCode);
        Assert.Single(app.Calls("token.exchange"));
        Assert.Equal("active", (await app.GetConnectionAsync(link.Text("connection_id"))).Text("status"));
        app.AssertQuiet();
    }

    [Fact]
    public async Task A_held_code_is_stored_encrypted()
    {
        await using var app = await App.StartAsync();
        var callback = app.Finish(await CreateAsync(app));
        (await app.VisitAsync(callback)).Dispose();

        var code = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(callback.Query)["code"].ToString();
        var row = Assert.Single(await app.RowsAsync("connections"), row => row.RowKey.StartsWith("link-", StringComparison.Ordinal));

        Assert.NotEmpty(row.GetBinary("Code0"));
        Assert.DoesNotContain(code, new[] { row }.InClear(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK")]
    [InlineData(Challenge)]
    [InlineData("x")]
    [InlineData("ä")]
    public async Task A_wrong_verifier_redeems_nothing(string wrong)
    {
        await using var app = await App.StartAsync();
        var link = await CreateAsync(app);
        (await app.VisitAsync(app.Finish(link))).Dispose();

        using var refused = await ConfirmAsync(app, link, wrong);
        var exchanges = app.Calls("token.exchange").Count;
        using var confirmed = await ConfirmAsync(app, link);

        Assert.Equal(["code_verifier"], (await refused.ProblemAsync(400, "invalid_request")).Fields());
        Assert.Equal(0, exchanges);
        Assert.Equal(HttpStatusCode.NoContent, confirmed.StatusCode);
    }

    [Fact]
    public async Task A_flow_whose_user_has_not_returned_has_nothing_to_confirm()
    {
        await using var app = await App.StartAsync();
        var link = await CreateAsync(app);

        using var early = await ConfirmAsync(app, link);

        Assert.Equal(["code_verifier"], (await early.ProblemAsync(400, "invalid_request")).Fields());
        Assert.Empty(app.Calls("token.exchange"));
    }

    [Fact]
    public async Task Ten_confirmations_at_once_on_two_instances_exchange_once()
    {
        await using var app = await App.StartAsync();
        await using var other = await app.StartTwinAsync();
        var link = await CreateAsync(app);
        (await app.VisitAsync(app.Finish(link))).Dispose();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => ConfirmAsync(number % 2 == 0 ? app : other, link)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode));
        Assert.Single(app.Calls("token.exchange"));
        Assert.Equal(1, (await app.GetConnectionAsync(link.Text("connection_id"))).Number("generation"));
    }

    [Fact]
    public async Task A_confirmation_that_waits_for_a_rotation_polls_the_tables()
    {
        var gate = new StorageGate();
        await using var app = await App.StartAsync(new() { ["Tokens:WaitLimit"] = "00:00:01" }, gate: gate);
        await using var other = await app.StartTwinAsync();
        var id = await app.ConnectAsync();
        var link = await app.CreateLinkAsync(new() { ["connection_id"] = id, ["code_challenge"] = Challenge });
        (await app.VisitAsync(app.Finish(link))).Dispose();
        var answer = new TaskCompletionSource();
        var held = app.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.refresh", HoldAfter = answer.Task });
        var rotation = other.GetTokenAsync(id, new() { ["rejected_generation"] = 1 });
        while (held.Applied == 0)
        {
            await Task.Delay(10, Cancel);
        }

        var before = gate.Calls;
        using var busy = await ConfirmAsync(app, link);
        var looks = gate.Calls - before;
        answer.SetResult();
        await rotation;
        using var confirmed = await ConfirmAsync(app, link);

        await busy.ProblemAsync(503, "busy");
        Assert.InRange(looks, 1, 10);
        Assert.Equal(HttpStatusCode.NoContent, confirmed.StatusCode);
    }

    [Fact]
    public async Task A_confirmation_can_be_repeated_and_the_callback_then_says_connected()
    {
        await using var app = await App.StartAsync();
        var link = await CreateAsync(app);
        var callback = app.Finish(link);
        (await app.VisitAsync(callback)).Dispose();
        (await ConfirmAsync(app, link)).Dispose();

        using var again = await ConfirmAsync(app, link);
        using var returned = await app.VisitAsync(callback);

        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        Assert.Equal("connected", returned.Returned()["status"]);
        Assert.Single(app.Calls("token.exchange"));
    }

    [Fact]
    public async Task A_code_that_waited_too_long_fails_the_link()
    {
        await using var app = await App.StartAsync(sandbox: new() { CodeLifetime = TimeSpan.FromMinutes(5) });
        var link = await CreateAsync(app);
        (await app.VisitAsync(app.Finish(link))).Dispose();
        app.Clock.Advance(TimeSpan.FromMinutes(6));

        using var late = await ConfirmAsync(app, link);
        using var again = await ConfirmAsync(app, link);

        await late.ProblemAsync(409, "link_failed");
        await again.ProblemAsync(409, "link_failed");
        Assert.Equal(2, app.Calls("token.exchange").Count);
        Assert.Equal("pending", (await app.GetConnectionAsync(link.Text("connection_id"))).Text("status"));
    }

    [Theory]
    [InlineData(WidgetOutcome.Cancel)]
    [InlineData(WidgetOutcome.Fail)]
    public async Task A_flow_without_a_code_is_reported_at_once_and_has_nothing_to_confirm(WidgetOutcome outcome)
    {
        await using var app = await App.StartAsync();
        var link = await CreateAsync(app);

        using var returned = await app.VisitAsync(app.Finish(link, outcome));
        using var confirmed = await ConfirmAsync(app, link);

        Assert.NotEqual("confirm", returned.Returned()["status"]);
        Assert.InRange((int)confirmed.StatusCode, 400, 409);
        Assert.Empty(app.Calls("token.exchange"));
    }

    [Fact]
    public async Task Another_caller_cannot_confirm()
    {
        await using var app = await App.StartAsync(new() { ["Callers:Mode"] = "Entra" });
        using var mine = await app.Http.SendAsync(Principal.Request(HttpMethod.Post, "/api/links", Principal.Of(Principal.First, "Links.Create"), new() { ["user_id"] = "u", ["return_uri"] = World.ReturnUri, ["code_challenge"] = Challenge }), Cancel);
        var link = await mine.JsonAsync(HttpStatusCode.Created);
        (await app.VisitAsync(app.Finish(link))).Dispose();
        var path = $"/api/connections/{link.Text("connection_id")}/confirm";

        using var other = await app.Http.SendAsync(Principal.Request(HttpMethod.Post, path, Principal.Of(Principal.Second, "Links.Create"), new() { ["code_verifier"] = Verifier }), Cancel);
        using var own = await app.Http.SendAsync(Principal.Request(HttpMethod.Post, path, Principal.Of(Principal.First, "Links.Create"), new() { ["code_verifier"] = Verifier }), Cancel);

        await other.ProblemAsync(404, "unknown_connection");
        Assert.Equal(HttpStatusCode.NoContent, own.StatusCode);
        Assert.Single(app.Calls("token.exchange"));
    }

    [Fact]
    public async Task A_verifier_of_one_connection_does_not_confirm_another()
    {
        await using var app = await App.StartAsync();
        var link = await CreateAsync(app);
        var other = await app.CreateLinkAsync(new() { ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData("another"u8)) });
        (await app.VisitAsync(app.Finish(link))).Dispose();
        (await app.VisitAsync(app.Finish(other))).Dispose();

        using var refused = await ConfirmAsync(app, other);

        await refused.ProblemAsync(400, "invalid_request");
        Assert.Empty(app.Calls("token.exchange"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"code_verifier":""}""")]
    [InlineData("""{"code_verifier":1}""")]
    [InlineData("""{"code_verifier":"x","more":1}""")]
    public async Task A_wrong_body_is_refused(string body)
    {
        await using var app = await App.StartAsync();
        var link = await CreateAsync(app);

        using var response = await app.Http.PostAsync($"/api/connections/{link.Text("connection_id")}/confirm", new StringContent(body, Encoding.UTF8, "application/json"), Cancel);

        await response.ProblemAsync(400, "invalid_request");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")]
    public async Task A_challenge_of_another_form_is_refused(string challenge)
    {
        await using var app = await App.StartAsync();

        using var response = await app.Http.PostAsJsonAsync("/api/links", new { user_id = "u", return_uri = World.ReturnUri, code_challenge = challenge }, Cancel);

        Assert.Equal(["code_challenge"], (await response.ProblemAsync(400, "invalid_request")).Fields());
        Assert.Empty(app.Sandbox.Journal.Entries);
    }

    private static Task<JsonObject> CreateAsync(App app) => app.CreateLinkAsync(new() { ["code_challenge"] = Challenge });

    private static Task<HttpResponseMessage> ConfirmAsync(App app, JsonObject link, string verifier = Verifier) =>
        app.Http.PostAsJsonAsync($"/api/connections/{link.Text("connection_id")}/confirm", new { code_verifier = verifier }, Cancel);
}
