using System.Net;
using System.Text.Json.Nodes;
using FinxFunctions.Tests.Running;
using FinxSandbox.Calls;
using FinxSandbox.Faults;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.Tests.Tokens;

public class GetTokenTests
{
    /// <summary>The first access token has expired, the refresh token has not.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromHours(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_comes_with_all_that_a_caller_needs_and_is_cached_nowhere_on_the_way()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();

        using var response = await app.AskTokenAsync(id);
        var token = await response.JsonAsync();

        Assert.True(response.Headers.CacheControl?.NoStore);
        Assert.Equal(["access_token", "expires_at", "expires_in", "generation", "scope", "token_type"], token.Select(field => field.Key).Order());
        Assert.Equal("Bearer", token.Text("token_type"));
        Assert.Equal("accounts=ro balance=ro transactions=ro offline", token.Text("scope"));
        Assert.InRange(token.Number("expires_in"), 3_500, 3_600);
        Assert.Equal(app.Clock.GetUtcNow() + TimeSpan.FromHours(1), token.Time("expires_at"), TimeSpan.FromMinutes(1));
        Assert.Contains(TokenHash.Of(token.Text("access_token")), Assert.Single(app.Sandbox.Connections()).LiveAccessTokens);
        app.AssertQuiet();
    }

    [Fact]
    public async Task A_cached_token_needs_no_outgoing_call()
    {
        var gate = new StorageGate();
        await using var app = await App.StartAsync(gate: gate);
        var id = await app.ConnectAsync();
        var first = await app.GetTokenAsync(id);
        await app.SettleAsync();
        var (tables, others) = (gate.Calls, app.Sandbox.Journal.Entries.Count);

        var second = await app.GetTokenAsync(id);

        Assert.Equal(first.Text("access_token"), second.Text("access_token"));
        Assert.Equal((tables, others), (gate.Calls, app.Sandbox.Journal.Entries.Count));
        app.AssertQuiet();
    }

    [Fact]
    public async Task A_new_instance_reads_the_token_from_the_vault_and_does_not_call_finX()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        var expected = await app.GetTokenAsync(id);
        await using var other = await app.StartTwinAsync();

        var token = await other.GetTokenAsync(id);

        Assert.Equal(expected.Text("access_token"), token.Text("access_token"));
        Assert.Empty(app.Calls("token.refresh"));
        other.AssertQuiet();
    }

    [Fact]
    public async Task A_token_in_memory_is_read_again_after_a_while()
    {
        await using var app = await App.StartAsync();
        await using var other = await app.StartTwinAsync();
        var id = await app.ConnectAsync();
        await app.GetTokenAsync(id);
        await other.GetTokenAsync(id, new() { ["rejected_generation"] = 1 });

        var withinMemory = await app.GetTokenAsync(id);
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        var afterwards = await app.GetTokenAsync(id);

        Assert.Equal(1, withinMemory.Number("generation"));
        Assert.Equal(2, afterwards.Number("generation"));
    }

    [Fact]
    public async Task An_expired_token_is_refreshed_once()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        var first = await app.GetTokenAsync(id);
        app.Clock.Advance(Later);

        var second = await app.GetTokenAsync(id);
        await app.GetTokenAsync(id);

        Assert.Equal(2, second.Number("generation"));
        Assert.NotEqual(first.Text("access_token"), second.Text("access_token"));
        Assert.InRange(second.Number("expires_in"), 3_500, 3_600);
        Assert.Single(app.Calls("token.refresh"));
        Assert.Equal(2, (await app.GetConnectionAsync(id)).Number("generation"));
        app.AssertQuiet();
    }

    [Theory]
    [InlineData(3_400, 60, 2)] // 200 s are left, 60 are requested
    [InlineData(3_400, 150, 2)]
    [InlineData(3_400, 250, 3)]
    [InlineData(3_550, 0, 2)] // 50 s are left
    [InlineData(3_550, null, 3)] // 60 is the default
    [InlineData(10, 3_600, 2)] // half of a life meets any request
    [InlineData(1_700, 3_600, 2)]
    [InlineData(1_900, 3_600, 3)]
    public async Task A_token_is_valid_as_long_as_requested(int age, int? minValidity, int generation)
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        await app.GetTokenAsync(id, new() { ["rejected_generation"] = 1 });
        app.Clock.Advance(TimeSpan.FromSeconds(age));

        var token = await app.GetTokenAsync(id, minValidity is null ? null : new() { ["min_validity"] = minValidity });

        Assert.Equal(generation, token.Number("generation"));
    }

    [Fact]
    public async Task A_rejected_generation_is_refreshed_once_however_often_it_is_reported()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        JsonObject report = new() { ["rejected_generation"] = 1 };

        var tokens = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.GetTokenAsync(id, report)));
        var afterwards = await app.GetTokenAsync(id, report);

        Assert.All(tokens.Append(afterwards), token => Assert.Equal(2, token.Number("generation")));
        Assert.Single(app.Calls("token.refresh"));
        app.AssertQuiet();
    }

    [Fact]
    public async Task A_generation_that_is_not_the_current_one_is_no_reason_to_refresh()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();

        var token = await app.GetTokenAsync(id, new() { ["rejected_generation"] = 7 });

        Assert.Equal(1, token.Number("generation"));
        Assert.Empty(app.Calls("token.refresh"));
    }

    [Fact]
    public async Task A_thousand_callers_at_once_cause_one_refresh()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Clock.Advance(Later);

        var tokens = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => app.GetTokenAsync(id)));

        Assert.Single(tokens.Select(token => token.Text("access_token")).Distinct());
        Assert.All(tokens, token => Assert.Equal(2, token.Number("generation")));
        Assert.Single(app.Calls("token.refresh"));
        app.AssertQuiet();
    }

    [Fact]
    public async Task Callers_of_three_instances_at_once_cause_one_refresh()
    {
        await using var app = await App.StartAsync();
        await using var second = await app.StartTwinAsync();
        await using var third = await app.StartTwinAsync();
        var id = await app.ConnectAsync();
        app.Clock.Advance(Later);
        App[] instances = [app, second, third];

        var tokens = await Task.WhenAll(Enumerable.Range(0, 60).Select(number => instances[number % 3].GetTokenAsync(id)));

        Assert.Single(tokens.Select(token => token.Text("access_token")).Distinct());
        Assert.Single(app.Calls("token.refresh"));
    }

    [Fact]
    public async Task A_caller_that_disconnects_does_not_stop_the_refresh()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Clock.Advance(Later);
        var release = new TaskCompletionSource();
        var refresh = app.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.refresh", HoldAfter = release.Task });

        using var impatience = new CancellationTokenSource();
        var leaving = app.Http.PostAsync($"/api/connections/{id}/token", null, impatience.Token);
        await refresh.Reached.WaitAsync(TimeSpan.FromMinutes(2), Cancel);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        release.SetResult();
        await app.SettleAsync();

        Assert.Equal(2, (await app.GetConnectionAsync(id)).Number("generation"));
        Assert.Equal(2, (await app.GetTokenAsync(id)).Number("generation"));
        Assert.Single(app.Calls("token.refresh"));
        app.AssertQuiet();
    }

    [Fact]
    public async Task While_another_instance_refreshes_an_expired_token_callers_wait_and_are_then_told_to_try_again()
    {
        await using var app = await App.StartAsync();
        await using var other = await app.StartTwinAsync(new() { ["Tokens:WaitLimit"] = "00:00:01" });
        var id = await app.ConnectAsync();
        app.Clock.Advance(Later);
        var release = new TaskCompletionSource();
        var refresh = app.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.refresh", HoldBefore = release.Task });
        var first = app.GetTokenAsync(id);
        await refresh.Reached.WaitAsync(TimeSpan.FromMinutes(2), Cancel);

        using var busy = await other.AskTokenAsync(id);
        release.SetResult();
        await first;
        var afterwards = await other.GetTokenAsync(id);

        await busy.ProblemAsync(503, "busy");
        Assert.InRange(busy.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
        Assert.Equal(2, afterwards.Number("generation"));
        Assert.Single(app.Calls("token.refresh"));
    }

    [Fact]
    public async Task While_another_instance_refreshes_a_token_that_is_still_valid_is_served()
    {
        await using var app = await App.StartAsync();
        await using var other = await app.StartTwinAsync(new() { ["Tokens:WaitLimit"] = "00:00:00" });
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(3_570));
        var release = new TaskCompletionSource();
        var refresh = app.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.refresh", HoldBefore = release.Task });
        var first = app.GetTokenAsync(id);
        await refresh.Reached.WaitAsync(TimeSpan.FromMinutes(2), Cancel);

        var served = await other.GetTokenAsync(id);
        release.SetResult();

        Assert.Equal(1, served.Number("generation"));
        Assert.Equal(2, (await first).Number("generation"));
    }

    [Theory]
    [InlineData(TokenErrorShape.Finx, 400)]
    [InlineData(TokenErrorShape.Finx, 401)]
    [InlineData(TokenErrorShape.Finx, 403)]
    [InlineData(TokenErrorShape.Rfc6749, 400)]
    [InlineData(TokenErrorShape.Rfc6749, 401)]
    [InlineData(TokenErrorShape.Rfc6749, 403)]
    public async Task A_refresh_token_that_finX_refuses_ends_the_connection_until_the_user_renews_it(TokenErrorShape shape, int status)
    {
        await using var app = await App.StartAsync(sandbox: new() { TokenErrorShape = shape, TokenRefusalStatus = status, RefreshTokenLifetime = TimeSpan.FromDays(30) });
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromDays(31));

        using var unsure = await app.AskTokenAsync(id);
        app.Clock.Advance(App.RefusalPause);
        using var refused = await app.AskTokenAsync(id);
        using var again = await app.AskTokenAsync(id);
        using var data = await app.Http.GetAsync($"/api/connections/{id}/accounts", Cancel);
        var ended = await app.GetConnectionAsync(id);
        await app.ConnectAsync(new() { ["connection_id"] = id });
        var renewed = await app.GetTokenAsync(id);

        await unsure.ProblemAsync(503, "finx_unavailable");
        Assert.Equal("refused", (await refused.ProblemAsync(409, "needs_reconsent")).Text("reason"));
        await again.ProblemAsync(409, "needs_reconsent");
        await data.ProblemAsync(409, "needs_reconsent");
        Assert.Equal("needs_reconsent", ended.Text("status"));
        Assert.Equal("refused", ended.Text("reason"));
        Assert.Equal(2, app.Calls("token.refresh").Count);
        Assert.Equal(2, renewed.Number("generation"));
    }

    [Fact]
    public async Task Tokens_that_no_vault_has_any_more_are_lost()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        var secret = Assert.Single(await app.PairsAsync());
        Assert.True(app.Sandbox.LoseSecret(0, secret.Name, purge: true));
        app.Clock.Advance(Later);

        using var lost = await app.AskTokenAsync(id);

        Assert.Equal("lost", (await lost.ProblemAsync(409, "needs_reconsent")).Text("reason"));
    }

    [Fact]
    public async Task A_refresh_token_whose_life_is_over_is_asked_about_once()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromDays(91));
        var shown = await app.GetConnectionAsync(id);

        using var ended = await app.AskTokenAsync(id);

        Assert.Equal("expired", (await ended.ProblemAsync(409, "needs_reconsent")).Text("reason"));
        Assert.Equal(("needs_reconsent", "expired"), (shown.Text("status"), shown.Text("reason")));
        Assert.Single(app.Calls("token.refresh"));
    }

    [Theory]
    [InlineData(FaultKind.Throttle, null, null)]
    [InlineData(FaultKind.ServerError, 500, null)]
    [InlineData(FaultKind.ServerError, 502, "<html>bad gateway</html>")]
    [InlineData(FaultKind.ServerError, 503, null)]
    [InlineData(FaultKind.ServerError, 504, null)]
    [InlineData(FaultKind.Refuse, 408, null)]
    [InlineData(FaultKind.Refuse, 423, """{"error":{"code":1008,"group":"client"}}""")]
    [InlineData(FaultKind.Refuse, 401, """{"error":{"code":1004,"group":"client"}}""")]
    [InlineData(FaultKind.Refuse, 401, """{"error":"invalid_client"}""")]
    [InlineData(FaultKind.Refuse, 400, """{"error":{"code":30000,"group":"general"}}""")]
    [InlineData(FaultKind.Refuse, 400, """{"error":"temporarily_unavailable"}""")]
    [InlineData(FaultKind.Refuse, 403, "<html>a proxy's page</html>")]
    [InlineData(FaultKind.Refuse, 401, null)]
    [InlineData(FaultKind.Refuse, 404, """{"error":{"code":1002}}""")]
    [InlineData(FaultKind.Refuse, 302, null)]
    public async Task A_failure_that_is_not_the_tokens_fault_ends_no_connection(FaultKind kind, int? status, string? body)
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Clock.Advance(Later);
        app.Sandbox.Faults.Add(new() { Kind = kind, Status = status, Body = body, Operation = "token.refresh", Times = null, RetryAfter = kind is FaultKind.Throttle ? TimeSpan.FromSeconds(30) : null });

        using var failed = await app.AskTokenAsync(id);
        var during = await app.GetConnectionAsync(id);
        var calls = app.Calls("token.refresh").Count;
        using var again = await app.AskTokenAsync(id);
        var callsAgain = app.Calls("token.refresh").Count;
        app.Sandbox.Faults.Clear();
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        var token = await app.GetTokenAsync(id);

        Assert.Contains(failed.StatusCode, new[] { HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable });
        Assert.InRange(failed.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3_600);
        Assert.Equal("active", during.Text("status"));
        Assert.Equal(failed.StatusCode, again.StatusCode);
        Assert.Equal(calls, callsAgain); // finX is not called during the backoff
        Assert.Equal(2, token.Number("generation"));
        Assert.Equal("active", (await app.GetConnectionAsync(id)).Text("status"));
    }

    [Fact]
    public async Task The_Retry_After_of_finX_is_passed_on()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Clock.Advance(Later);
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Throttle, Operation = "token.refresh", RetryAfter = TimeSpan.FromSeconds(120) });

        using var failed = await app.AskTokenAsync(id);

        await failed.ProblemAsync(503, "finx_unavailable");
        Assert.InRange(failed.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 115, 120);
    }

    [Fact]
    public async Task Refused_client_credentials_are_reported_as_the_operators_problem()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Clock.Advance(Later);
        app.Sandbox.Options = app.Sandbox.Options with { ClientSecret = "another" };

        using var refused = await app.AskTokenAsync(id);
        using var again = await app.AskTokenAsync(id);

        await refused.ProblemAsync(502, "finx_refused");
        await again.ProblemAsync(502, "finx_refused");
        Assert.Contains(app.Logs.GetSnapshot(), line => line.Level is Microsoft.Extensions.Logging.LogLevel.Error && line.Message.Contains("Finx__ClientSecret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_is_still_valid_is_served_while_finX_is_down()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(3_570));
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.ServerError, Operation = "token.*", Times = null });

        var served = await app.GetTokenAsync(id);
        app.Clock.Advance(TimeSpan.FromSeconds(40));
        using var over = await app.AskTokenAsync(id);

        Assert.Equal(1, served.Number("generation"));
        await over.ProblemAsync(503, "finx_unavailable");
    }

    [Fact]
    public async Task A_token_that_finX_rejected_is_not_served_while_finX_is_down()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.ServerError, Operation = "token.*", Times = null });

        using var failed = await app.AskTokenAsync(id, new() { ["rejected_generation"] = 1 });

        await failed.ProblemAsync(503, "finx_unavailable");
    }

    [Fact]
    public async Task While_the_vault_is_down_tokens_are_still_refreshed_and_served()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        await app.GetTokenAsync(id);
        app.Clock.Advance(TimeSpan.FromMinutes(3));
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.ServerError, Operation = "vault.*", Times = null });

        var during = await app.GetTokenAsync(id, new() { ["rejected_generation"] = 1 });
        await using var other = await app.StartTwinAsync();
        app.Sandbox.Faults.Clear();
        var elsewhere = await other.GetTokenAsync(id);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await app.TickAsync();
        var afterwards = await other.GetTokenAsync(id);

        Assert.Equal(2, during.Number("generation"));
        Assert.Equal(during.Text("access_token"), elsewhere.Text("access_token"));
        Assert.Equal(during.Text("access_token"), afterwards.Text("access_token"));
        Assert.Equal(2, (await app.GetConnectionAsync(id)).Number("generation"));
        Assert.DoesNotContain(await app.RowsAsync("connections"), row => row.RowKey == "claim");
        Assert.Single(app.Calls("token.refresh"));
    }

    [Fact]
    public async Task An_instance_without_a_cached_token_reports_that_the_vault_is_down()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        await using var other = await app.StartTwinAsync();
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Status = 403, Operation = "vault.*", Times = null });

        using var failed = await other.AskTokenAsync(id);
        app.Sandbox.Faults.Clear();

        await failed.ProblemAsync(503, "vault_unavailable");
        Assert.NotNull(failed.Headers.RetryAfter);
        Assert.Equal(1, (await other.GetTokenAsync(id)).Number("generation"));
    }

    [Fact]
    public async Task A_cached_token_is_served_while_table_storage_is_down_and_no_token_is_redeemed()
    {
        var gate = new StorageGate();
        await using var app = await App.StartAsync(gate: gate);
        var id = await app.ConnectAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(3_400));
        await app.GetTokenAsync(id);
        await app.SettleAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(160));
        gate.Shut();

        var wanting = await app.GetTokenAsync(id); // 40 s are left, 60 are requested
        using var rejected = await app.AskTokenAsync(id, new() { ["rejected_generation"] = 1 });
        gate.Open();
        var afterwards = await app.GetTokenAsync(id, new() { ["rejected_generation"] = 1 });

        Assert.Equal(1, wanting.Number("generation"));
        await rejected.ProblemAsync(503, "storage_unavailable");
        Assert.Equal(2, afterwards.Number("generation"));
        Assert.Single(app.Calls("token.refresh"));
    }

    [Fact]
    public async Task An_answer_without_a_new_refresh_token_keeps_the_old_one_and_its_life()
    {
        await using var app = await App.StartAsync(sandbox: new() { RotatesRefreshToken = false });
        var id = await app.ConnectAsync();
        var end = (await app.GetConnectionAsync(id)).Time("refresh_expires_at");

        for (var generation = 2; generation <= 4; generation++)
        {
            app.Clock.Advance(Later);
            Assert.Equal(generation, (await app.GetTokenAsync(id)).Number("generation"));
            await app.SettleAsync();
        }

        Assert.Equal(end, (await app.GetConnectionAsync(id)).Time("refresh_expires_at"));
        Assert.Single(app.Calls("token.refresh").Select(call => call.Presented).Distinct());
        app.AssertQuiet();
    }

    [Fact]
    public async Task Without_expires_in_and_scope_a_token_lives_an_hour()
    {
        await using var app = await App.StartAsync(sandbox: new() { OmitExpiresIn = true, OmitScope = true });
        var id = await app.ConnectAsync();

        var token = await app.GetTokenAsync(id);

        Assert.InRange(token.Number("expires_in"), 3_590, 3_600);
        Assert.Null(token["scope"]);
        app.AssertQuiet();
    }

    [Fact]
    public async Task A_connection_without_a_refresh_token_serves_its_access_token_to_the_end()
    {
        await using var app = await App.StartAsync();
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.MissingFields, Operation = "token.exchange", Fields = ["refresh_token"] });
        var id = await app.ConnectAsync();

        var token = await app.GetTokenAsync(id);
        app.Clock.Advance(Later);
        using var over = await app.AskTokenAsync(id);

        Assert.Equal(1, token.Number("generation"));
        Assert.Equal("no_refresh_token", (await over.ProblemAsync(409, "needs_reconsent")).Text("reason"));
        Assert.Empty(app.Calls("token.refresh"));
    }

    [Fact]
    public async Task A_connection_that_the_user_has_not_finished_has_no_token()
    {
        await using var app = await App.StartAsync();
        var link = await app.CreateLinkAsync();

        using var none = await app.AskTokenAsync(link.Text("connection_id"));

        Assert.Equal("not_connected", (await none.ProblemAsync(409, "needs_reconsent")).Text("reason"));
        Assert.Equal(["links.create"], app.CallsToFinx());
        app.AssertQuiet();
    }
}
