using System.Net;
using FinxFunctions.Tests.Running;
using FinxSandbox.Calls;
using FinxSandbox.Faults;

namespace FinxFunctions.Tests.Accounts;

public class AccountDataTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("code")]
    [InlineData("Code")] // the host reads the key in upper or lower case
    public async Task The_callers_parameters_reach_finX_unchanged_and_the_function_key_does_not(string key)
    {
        const string query = "?accounts=A%2B1&count=5&filter=purpose%3AMiete%20M%C3%A4rz&include_pending=true&offset=2&since=2026-01-01&sort=asc&types=Transfer&types=Direct%20debit&until=2027-01-01&x=";
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();

        using var response = await app.Http.GetAsync($"/api/connections/{id}/transactions{query}&{key}=the-key", Cancel);

        await response.JsonAsync();
        var call = Assert.Single(app.Calls("data.transactions"));
        Assert.Equal("/rest/transactions", call.Path);
        Assert.Equal(
            Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query),
            Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(call.Query));
        app.AssertQuiet();
    }

    [Fact]
    public async Task A_token_that_finX_refuses_is_refreshed_once_and_the_call_is_repeated()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Status = 401, Operation = "data.*", Body = """{"error":{"code":1003}}""" });

        using var response = await app.Http.GetAsync($"/api/connections/{id}/accounts", Cancel);

        await response.JsonAsync();
        await app.SettleAsync();
        Assert.Equal(["data.accounts", "token.refresh", "data.accounts"], app.CallsToFinx().TakeLast(3));
        Assert.Equal(2, (await app.GetConnectionAsync(id)).Number("generation"));
        app.AssertQuiet();
    }

    [Fact]
    public async Task A_token_seconds_old_that_a_node_of_finX_does_not_know_yet_is_tried_again_and_not_refreshed()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Status = 401, Operation = "data.*" });

        using var response = await app.Http.GetAsync($"/api/connections/{id}/accounts", Cancel);

        await response.JsonAsync();
        Assert.Equal(2, app.Calls("data.accounts").Count);
        Assert.Empty(app.Calls("token.refresh"));
        Assert.Equal(1, (await app.GetConnectionAsync(id)).Number("generation"));
        app.AssertQuiet();
    }

    [Fact]
    public async Task A_fresh_token_that_finX_refuses_is_not_refreshed_again()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Status = 401, Operation = "data.*", Times = null });

        using var response = await app.Http.GetAsync($"/api/connections/{id}/accounts", Cancel);

        await response.ProblemAsync(502, "finx_refused");
        Assert.Equal(4, app.Calls("data.accounts").Count); // each token twice, because each is only seconds old
        Assert.Single(app.Calls("token.refresh"));
        Assert.Equal("active", (await app.GetConnectionAsync(id)).Text("status"));
    }

    [Fact]
    public async Task Many_calls_at_once_with_a_token_that_finX_refuses_cost_one_refresh()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        await app.GetTokenAsync(id);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Status = 401, Operation = "data.*", Times = 10 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.Http.GetAsync($"/api/connections/{id}/accounts", Cancel)));

        Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.BadGateway }));
        Assert.Single(app.Calls("token.refresh"));
    }

    [Fact]
    public async Task An_expired_token_is_refreshed_before_the_call()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromHours(2));

        using var response = await app.Http.GetAsync($"/api/connections/{id}/accounts", Cancel);

        await response.JsonAsync();
        Assert.Single(app.Calls("data.accounts"));
        Assert.Single(app.Calls("token.refresh"));
        app.AssertQuiet();
    }

    [Theory]
    [InlineData(400, """{"error":{"code":1000,"data":{"count":["Not a valid integer."]}}}""", 400, "invalid_request")]
    [InlineData(404, """{"error":{"code":1002}}""", 404, "not_found")]
    [InlineData(403, """{"error":{"code":1007}}""", 502, "finx_refused")]
    [InlineData(423, """{"error":{"code":1008}}""", 502, "finx_unavailable")]
    [InlineData(429, null, 503, "finx_unavailable")]
    [InlineData(500, "<html>", 502, "finx_unavailable")]
    [InlineData(503, null, 503, "finx_unavailable")]
    [InlineData(504, null, 502, "finx_unavailable")]
    [InlineData(301, null, 502, "finx_unavailable")]
    public async Task An_error_of_finX_becomes_a_problem(int finx, string? body, int status, string code)
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Status = finx, Body = body, Operation = "data.*", Times = null });

        using var response = await app.Http.GetAsync($"/api/connections/{id}/transactions", Cancel);

        var problem = await response.ProblemAsync(status, code);
        Assert.Equal(finx, problem.Number("finx_status"));
        Assert.Equal("active", (await app.GetConnectionAsync(id)).Text("status"));
        Assert.Empty(app.Calls("token.refresh"));
    }

    [Theory]
    [InlineData(FaultKind.DropBefore)]
    [InlineData(FaultKind.DropAfter)]
    [InlineData(FaultKind.ServerError)]
    [InlineData(FaultKind.Throttle)]
    public async Task A_read_that_fails_once_is_repeated_and_the_caller_sees_no_error(FaultKind kind)
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Sandbox.Faults.Add(new() { Kind = kind, Operation = "data.*" });

        using var response = await app.Http.GetAsync($"/api/connections/{id}/accounts", Cancel);

        await response.JsonAsync();
        Assert.Equal(2, app.Calls("data.accounts").Count);
    }

    [Theory]
    [InlineData("..%2fauth%2frevoke")]
    [InlineData("..%2f..%2fauth%2ftoken")]
    [InlineData("%2e%2e%2fuser")]
    [InlineData("..%5cuser")]
    [InlineData("..%5Cuser")]
    [InlineData("a%2fb")]
    [InlineData("a%5cb")]
    [InlineData("%2e%2e")]
    [InlineData("%2e")]
    [InlineData("%252e%252e%252fuser")]
    [InlineData("a%3fcount=1")]
    [InlineData("a%23b")]
    [InlineData("a%0d%0aX-Evil:1")]
    [InlineData("a;b=c")]
    [InlineData("%E2%80%AE")]
    [InlineData("https:%2f%2fevil.test")]
    public async Task No_account_id_leads_to_another_path_of_finX(string accountId)
    {
        await using var app = await App.StartAsync(onWire: true);
        var id = await app.ConnectAsync();

        foreach (var tail in new[] { "", "/transactions" })
        {
            // HttpClient would normalize the path. An attacker does not.
            var (status, _) = await RawHttp.GetAsync(app, $"/api/connections/{id}/accounts/{accountId}{tail}");
            Assert.InRange(status, 200, 499);
        }

        Assert.All(app.Sandbox.Journal.Entries.Where(IsData), call =>
        {
            Assert.Matches("^/rest/(accounts(/[^/]+)?(/transactions)?|transactions)$", call.Path);
            Assert.Equal("", call.Query);
        });
    }

    [Fact]
    public async Task An_account_id_that_is_too_long_is_refused()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();

        using var response = await app.Http.GetAsync($"/api/connections/{id}/accounts/{new string('a', 129)}", Cancel);

        Assert.Equal(["account_id"], (await response.ProblemAsync(400, "invalid_request")).Fields());
        Assert.DoesNotContain(app.Sandbox.Journal.Entries, IsData);
    }

    [Fact]
    public async Task An_account_of_another_user_is_not_found()
    {
        await using var app = await App.StartAsync();
        var mine = await app.ConnectAsync();
        var theirs = await app.ConnectAsync(new() { ["user_id"] = "user-2" });
        using var accounts = await app.Http.GetAsync($"/api/connections/{theirs}/accounts", Cancel);
        var account = (await accounts.JsonAsync())["accounts"]![0]!["account_id"]!.GetValue<string>();

        using var response = await app.Http.GetAsync($"/api/connections/{mine}/accounts/{account}", Cancel);

        await response.ProblemAsync(404, "not_found");
    }

    [Fact]
    public async Task An_error_that_finX_finds_in_a_parameter_is_forwarded_by_field()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();

        using var response = await app.Http.GetAsync($"/api/connections/{id}/transactions?count=many", Cancel);

        Assert.Equal(["count"], (await response.ProblemAsync(400, "invalid_request")).Fields());
    }

    private static bool IsData(JournalEntry call) => call.Operation.StartsWith("data.", StringComparison.Ordinal) || call.Operation == "unknown";
}
