using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FinxFunctions.Tests.Running;
using FinxSandbox.Calls;
using FinxSandbox.Faults;
using FinxSandbox.Finx.Widget;

namespace FinxFunctions.Tests.Links;

/// <summary>Links that renew a connection in place.</summary>
public class RenewalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_renewal_brings_new_tokens_and_preserves_the_id_the_user_and_the_date()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        var before = await app.GetConnectionAsync(id);
        var link = await RenewAsync(app, id);

        using var returned = await app.VisitAsync(app.Finish(link));
        var after = await app.GetConnectionAsync(id);

        Assert.Equal(id, link.Text("connection_id"));
        Assert.Equal("connected", returned.Returned()["status"]);
        Assert.Equal(2, after.Number("generation"));
        Assert.Equal(before.Text("user_id"), after.Text("user_id"));
        Assert.Equal(before.Text("created_at"), after.Text("created_at"));
        Assert.Equal(TokenHash.Of((await app.GetTokenAsync(id)).Text("access_token")), app.Calls("token.exchange")[^1].IssuedAccessToken);
        app.AssertQuiet();
    }

    [Fact]
    public async Task The_working_tokens_stay_in_use_until_the_new_ones_are_committed()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        var old = await app.GetTokenAsync(id);
        var callback = app.Finish(await RenewAsync(app, id));
        var mayAct = new TaskCompletionSource();
        var hasArrived = app.Calls("token.exchange").Count;
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.exchange", HoldBefore = mayAct.Task });

        var returning = app.VisitAsync(callback);
        await using var other = await app.StartTwinAsync();
        while (!(await app.RowsAsync("connections")).Any(row => row.RowKey == "claim"))
        {
            await Task.Delay(20, Cancel);
        }

        var meanwhile = await app.GetTokenAsync(id);
        var elsewhere = await other.GetTokenAsync(id);
        var status = await app.GetConnectionAsync(id);
        mayAct.SetResult();
        using var returned = await returning;

        Assert.Equal(1, hasArrived);
        Assert.Equal(old.Text("access_token"), meanwhile.Text("access_token"));
        Assert.Equal(old.Text("access_token"), elsewhere.Text("access_token"));
        Assert.Equal("active", status.Text("status"));
        Assert.Equal(1, status.Number("generation"));
        Assert.Equal("connected", returned.Returned()["status"]);
        Assert.Equal(2, (await app.GetConnectionAsync(id)).Number("generation"));
    }

    [Fact]
    public async Task The_new_token_of_a_renewal_replaces_the_token_in_memory()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        await app.GetTokenAsync(id);

        (await app.VisitAsync(app.Finish(await RenewAsync(app, id)))).Dispose();

        Assert.Equal(2, (await app.GetTokenAsync(id)).Number("generation"));
    }

    [Theory]
    [InlineData(WidgetOutcome.Cancel)]
    [InlineData(WidgetOutcome.Fail)]
    public async Task A_renewal_that_is_cancelled_or_fails_changes_nothing(WidgetOutcome outcome)
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        var (connection, token) = (await app.GetConnectionAsync(id), await app.GetTokenAsync(id));

        (await app.VisitAsync(app.Finish(await RenewAsync(app, id), outcome))).Dispose();

        Assert.Equal(connection.ToJsonString(), (await app.GetConnectionAsync(id)).ToJsonString());
        await using var other = await app.StartTwinAsync();
        Assert.Equal(token.Text("access_token"), (await other.GetTokenAsync(id)).Text("access_token"));
        Assert.Single(app.Calls("token.exchange"));
    }

    [Fact]
    public async Task A_renewal_whose_code_is_refused_changes_nothing()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        var connection = await app.GetConnectionAsync(id);
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Operation = "token.exchange", Times = 2, Body = """{"error":"invalid_grant"}""" });

        using var returned = await app.VisitAsync(app.Finish(await RenewAsync(app, id)));

        Assert.Equal("failed", returned.Returned()["status"]);
        Assert.Equal(connection.ToJsonString(), (await app.GetConnectionAsync(id)).ToJsonString());
        await app.GetTokenAsync(id, new() { ["rejected_generation"] = 1 });
    }

    [Fact]
    public async Task A_renewal_of_another_user_is_refused_before_finX_is_asked()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();

        using var answer = await app.Http.PostAsJsonAsync("/api/links", new { user_id = "somebody-else", return_uri = World.ReturnUri, connection_id = id }, Cancel);

        Assert.Equal(["user_id"], (await answer.ProblemAsync(400, "invalid_request")).Fields());
        Assert.Single(app.Calls("links.create"));
    }

    [Theory]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("ffffffffffffffffffffffffffffffff")]
    public async Task A_renewal_of_an_unknown_connection_is_not_found(string id)
    {
        await using var app = await App.StartAsync();

        using var answer = await app.Http.PostAsJsonAsync("/api/links", new { user_id = "u", return_uri = World.ReturnUri, connection_id = id }, Cancel);

        await answer.ProblemAsync(404, "unknown_connection");
        Assert.Empty(app.CallsToFinx());
    }

    [Fact]
    public async Task A_connection_that_needs_its_user_says_how_and_is_renewed_in_place()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        using var ended = await app.AskRefusedTokenAsync(id);
        using var data = await app.Http.GetAsync($"/api/connections/{id}/accounts", Cancel);

        using var returned = await app.VisitAsync(app.Finish(await RenewAsync(app, id)));
        var token = await app.GetTokenAsync(id);

        foreach (var problem in new[] { await ended.ProblemAsync(409, "needs_reconsent"), await data.ProblemAsync(409, "needs_reconsent") })
        {
            Assert.Equal("refused", problem.Text("reason"));
            Assert.Contains("Create a link with its connection_id", problem.Text("title"), StringComparison.Ordinal);
        }

        Assert.Equal("connected", returned.Returned()["status"]);
        Assert.Equal(2, token.Number("generation"));
        var connection = await app.GetConnectionAsync(id);
        Assert.Equal("active", connection.Text("status"));
        Assert.Null(connection["reason"]);
    }

    private static Task<JsonObject> RenewAsync(App app, string id) => app.CreateLinkAsync(new() { ["connection_id"] = id });
}
