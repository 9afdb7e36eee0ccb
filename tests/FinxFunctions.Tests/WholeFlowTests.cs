using System.Net;
using System.Text.Json.Nodes;
using FinxFunctions.Tests.Running;
using FinxSandbox.Calls;

namespace FinxFunctions.Tests;

public class WholeFlowTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_connects_a_bank_in_the_widget_and_a_service_reads_accounts_and_transactions()
    {
        await using var app = await App.StartAsync();
        using var browser = new Browser();

        var link = await app.CreateLinkAsync(new() { ["state"] = "mine & only=mine", ["language"] = "en", ["sync_period"] = 120, ["allow_multi_selection"] = true });
        using var returned = await app.VisitAsync(await browser.ConnectAsync(new Uri(link.Text("location"))));
        var id = link.Text("connection_id");
        var connection = await app.GetConnectionAsync(id);
        var token = await app.GetTokenAsync(id);
        var accounts = await JsonAsync(app, $"/api/connections/{id}/accounts");
        var account = accounts["accounts"]![0]!.AsObject();
        var one = await JsonAsync(app, $"/api/connections/{id}/accounts/{account.Text("account_id")}");
        var transactions = await JsonAsync(app, $"/api/connections/{id}/transactions?count=5&sort=asc");
        var ofOne = await JsonAsync(app, $"/api/connections/{id}/accounts/{account.Text("account_id")}/transactions?count=3");

        Assert.Equal(new() { ["connection_id"] = id, ["state"] = "mine & only=mine", ["status"] = "connected" }, returned.Returned());
        Assert.Equal("active", connection.Text("status"));
        Assert.Equal("user-1", connection.Text("user_id"));
        Assert.Equal(1, connection.Number("generation"));
        Assert.Equal(1, token.Number("generation"));
        Assert.Equal(3, accounts["accounts"]!.AsArray().Count);
        Assert.Equal(account.ToJsonString(), one.ToJsonString());
        Assert.Equal(5, transactions["transactions"]!.AsArray().Count);
        Assert.All(ofOne["transactions"]!.AsArray(), transaction => Assert.Equal(account.Text("account_id"), transaction!.AsObject().Text("account_id")));
        Assert.Equal(
            ["links.create", "token.exchange", "data.accounts", "data.account", "data.transactions", "data.transactions"],
            app.CallsToFinx().Where(call => !call.StartsWith("widget.", StringComparison.Ordinal)));
        app.AssertQuiet();
    }

    [Fact]
    public async Task Every_body_that_finX_gets_tells_its_length()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        await app.GetTokenAsync(id, new() { ["rejected_generation"] = 1 });
        (await app.Http.DeleteAsync($"/api/connections/{id}", Cancel)).Dispose();

        foreach (var operation in new[] { "links.create", "token.exchange", "token.refresh", "token.revoke" })
        {
            Assert.True(Assert.Single(app.Calls(operation)).ContentLength > 0, $"{operation} came in chunks.");
        }
    }

    [Fact]
    public async Task The_pair_lies_in_one_secret_version_whose_name_and_tags_name_no_user()
    {
        await using var app = await App.StartAsync();

        var id = await app.ConnectAsync(new() { ["user_id"] = "erika.muster@example.com" });

        var secret = Assert.Single(await app.PairsAsync());
        var row = Assert.Single(await app.RowsAsync("connections"), row => row.RowKey == "connection");
        Assert.Equal($"connection-{id}-0", secret.Name);
        Assert.Equal(secret.Id.AbsoluteUri, row.GetString("SecretId"));
        Assert.Equal([KeyValuePair.Create("generation", "1")], secret.Properties.Tags);
        Assert.DoesNotContain("erika", secret.Value, StringComparison.OrdinalIgnoreCase);
        app.AssertQuiet();
    }

    [Fact]
    public async Task A_deleted_connection_is_gone_at_finX_in_the_vault_and_in_the_tables()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        var token = await app.GetTokenAsync(id);

        using var deleted = await app.Http.DeleteAsync($"/api/connections/{id}", Cancel);
        await app.SettleAsync();

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.True(Assert.Single(app.Sandbox.Connections()).Revoked);
        Assert.Empty(await app.PairsAsync());
        var tombstone = Assert.Single(await app.RowsAsync("connections"));
        Assert.Equal("Deleted", tombstone.GetString("Status"));
        Assert.Equal("", tombstone.GetString("UserKey"));
        Assert.False(tombstone.ContainsKey("UserId0"));
        Assert.False(tombstone.ContainsKey("SecretId"));
        Assert.Empty(await app.IndexedAsync());
        Assert.DoesNotContain(app.Sandbox.Connections(), family => family.LiveAccessTokens.Contains(TokenHash.Of(token.Text("access_token"))));
        app.AssertQuiet();
    }

    [Fact]
    public async Task Every_call_about_a_deleted_connection_finds_none_and_deleting_it_again_is_no_error()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        await app.GetTokenAsync(id);
        (await app.Http.DeleteAsync($"/api/connections/{id}", Cancel)).Dispose();

        using var again = await app.Http.DeleteAsync($"/api/connections/{id}", Cancel);
        using var connection = await app.Http.GetAsync($"/api/connections/{id}", Cancel);
        using var token = await app.AskTokenAsync(id);
        using var accounts = await app.Http.GetAsync($"/api/connections/{id}/accounts", Cancel);
        using var list = await app.Http.GetAsync("/api/connections?user_id=user-1", Cancel);
        using var renewal = await app.Http.PostAsync("/api/links", Json($$"""{"user_id":"user-1","return_uri":"{{World.ReturnUri}}","connection_id":"{{id}}"}"""), Cancel);

        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        await connection.ProblemAsync(404, "unknown_connection");
        await token.ProblemAsync(404, "unknown_connection");
        await accounts.ProblemAsync(404, "unknown_connection");
        await renewal.ProblemAsync(404, "unknown_connection");
        Assert.Empty((await list.JsonAsync())["connections"]!.AsArray());
        Assert.Single(app.Calls("token.revoke"));
        app.AssertQuiet();
    }

    [Fact]
    public async Task Nothing_at_all_remains_of_a_deleted_connection_in_the_end()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        (await app.Http.DeleteAsync($"/api/connections/{id}", Cancel)).Dispose();

        app.Clock.Advance(TimeSpan.FromDays(60));
        await app.TickAsync();
        using var again = await app.Http.DeleteAsync($"/api/connections/{id}", Cancel);

        Assert.Empty(await app.RowsAsync("connections"));
        Assert.Empty(await app.IndexedAsync());
        Assert.Empty(await app.RowsAsync("agenda"));
        await again.ProblemAsync(404, "unknown_connection");
    }

    [Fact]
    public async Task A_connection_that_was_never_finished_can_be_deleted()
    {
        await using var app = await App.StartAsync();
        var link = await app.CreateLinkAsync();

        using var deleted = await app.Http.DeleteAsync($"/api/connections/{link.Text("connection_id")}", Cancel);
        using var late = await app.VisitAsync(app.Finish(link));

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
        Assert.Equal(["links.create"], app.CallsToFinx());
        app.AssertQuiet();
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("a'%20or%20PartitionKey%20ne%20'")]
    public async Task Deleting_what_never_was_finds_no_connection(string id)
    {
        await using var app = await App.StartAsync();

        using var deleted = await app.Http.DeleteAsync($"/api/connections/{id}", Cancel);

        await deleted.ProblemAsync(404, "unknown_connection");
    }

    private static async Task<JsonObject> JsonAsync(App app, string path)
    {
        using var response = await app.Http.GetAsync(path, Cancel);
        return await response.JsonAsync();
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");
}
