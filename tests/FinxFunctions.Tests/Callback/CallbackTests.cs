using System.Net;
using FinxFunctions.Tests.Running;
using FinxSandbox.Finx.Widget;
using Microsoft.AspNetCore.WebUtilities;

namespace FinxFunctions.Tests.Callback;

public class CallbackTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static MatrixTheoryData<CallbackVariant, CallbackOrder> Variants => new(Enum.GetValues<CallbackVariant>(), Enum.GetValues<CallbackOrder>());

    [Theory, MemberData(nameof(Variants))]
    public async Task A_success_connects_in_every_variant_of_finX(CallbackVariant variant, CallbackOrder order)
    {
        await using var app = await App.StartAsync(sandbox: new() { CallbackVariant = variant, CallbackOrder = order });
        var link = await app.CreateLinkAsync(new() { ["state"] = "s" });

        using var returned = await app.VisitAsync(app.Finish(link));

        Assert.Equal(new() { ["connection_id"] = link.Text("connection_id"), ["state"] = "s", ["status"] = "connected" }, returned.Returned());
        app.AssertQuiet();
    }

    [Theory, MemberData(nameof(Variants))]
    public async Task A_cancellation_is_reported_in_every_variant_of_finX(CallbackVariant variant, CallbackOrder order)
    {
        await using var app = await App.StartAsync(sandbox: new() { CallbackVariant = variant, CallbackOrder = order });
        using var browser = new Browser();
        var link = await app.CreateLinkAsync(new() { ["state"] = "s" });

        using var returned = await app.VisitAsync(await browser.CancelAsync(new Uri(link.Text("location"))));

        Assert.Equal(new() { ["connection_id"] = link.Text("connection_id"), ["state"] = "s", ["status"] = "cancelled" }, returned.Returned());
        Assert.Equal("pending", (await app.GetConnectionAsync(link.Text("connection_id"))).Text("status"));
        Assert.Empty(app.Calls("token.exchange"));
        app.AssertQuiet();
    }

    [Theory, MemberData(nameof(Variants))]
    public async Task A_failure_is_reported_in_every_variant_of_finX(CallbackVariant variant, CallbackOrder order)
    {
        await using var app = await App.StartAsync(sandbox: new() { CallbackVariant = variant, CallbackOrder = order });
        using var browser = new Browser();
        var link = await app.CreateLinkAsync();

        using var returned = await app.VisitAsync(await browser.FailAsync(new Uri(link.Text("location"))));

        Assert.Equal(new() { ["connection_id"] = link.Text("connection_id"), ["status"] = "failed", ["error"] = "widget_failed" }, returned.Returned());
        Assert.Empty(app.Calls("token.exchange"));
        app.AssertQuiet();
    }

    [Fact]
    public async Task The_return_address_preserves_its_own_parameters()
    {
        await using var app = await App.StartAsync();
        var link = await app.CreateLinkAsync(new() { ["return_uri"] = $"{World.ReturnUri}?tab=2&q=%26", ["state"] = "ä/+?&=#\"<" });

        using var returned = await app.VisitAsync(app.Finish(link));

        var query = returned.Returned();
        Assert.Equal("2", query["tab"]);
        Assert.Equal("&", query["q"]);
        Assert.Equal("ä/+?&=#\"<", query["state"]);
    }

    [Fact]
    public async Task The_browser_stores_nothing_and_sends_no_referrer()
    {
        await using var app = await App.StartAsync();
        var link = await app.CreateLinkAsync();

        using var returned = await app.VisitAsync(app.Finish(link));
        using var unknown = await app.Http.GetAsync("/api/callback?state=x", Cancel);

        foreach (var answer in new[] { returned, unknown })
        {
            Assert.True(answer.Headers.CacheControl?.NoStore);
            Assert.Equal(["no-referrer"], answer.Headers.GetValues("Referrer-Policy"));
            Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
            Assert.Contains("default-src 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_return_waits_only_for_its_own_exchange()
    {
        await using var app = await App.StartAsync(new() { ["Tokens:WaitLimit"] = "00:00:00" });

        using var returned = await app.VisitAsync(app.Finish(await app.CreateLinkAsync()));

        Assert.Equal("connected", returned.Returned()["status"]);
        app.AssertQuiet();
    }

    [Fact]
    public async Task A_callback_that_is_delivered_again_gets_the_same_answer_without_a_second_exchange()
    {
        await using var app = await App.StartAsync();
        var callback = app.Finish(await app.CreateLinkAsync());

        using var first = await app.VisitAsync(callback);
        using var second = await app.VisitAsync(callback);

        Assert.Equal("connected", first.Returned()["status"]);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Single(app.Calls("token.exchange"));
        app.AssertQuiet();
    }

    [Fact]
    public async Task Ten_deliveries_at_once_to_two_instances_exchange_the_code_once()
    {
        await using var app = await App.StartAsync();
        await using var other = await app.StartTwinAsync();
        var callback = app.Finish(await app.CreateLinkAsync());

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => (number % 2 == 0 ? app : other).VisitAsync(callback)));

        Assert.All(answers, answer => Assert.Equal("connected", answer.Returned()["status"]));
        Assert.Single(app.Calls("token.exchange"));
        Assert.Single(app.Calls("vault.set"), call => call.SecretName!.StartsWith("connection-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("?state=")]
    [InlineData("?state=x&code=c&success=true")]
    [InlineData("?state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&code=c&success=true")]
    [InlineData("?state=%00&code=c")]
    [InlineData("?code=c&success=true")]
    [InlineData("?state=%3Cscript%3Ealert(1)%3C/script%3E")]
    public async Task An_unknown_state_gets_a_page_that_repeats_nothing(string query)
    {
        await using var app = await App.StartAsync();

        using var answer = await app.Http.GetAsync("/api/callback" + query, Cancel);
        var page = await answer.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(app.CallsToFinx());
        app.AssertQuiet();
    }

    [Fact]
    public async Task A_state_whose_random_part_was_changed_is_unknown()
    {
        await using var app = await App.StartAsync();
        var callback = app.Finish(await app.CreateLinkAsync());
        var state = QueryHelpers.ParseQuery(callback.Query)["state"].ToString();
        var forged = state[..^1] + (state[^1] == 'A' ? 'B' : 'A');

        using var answer = await app.VisitAsync(new Uri(callback.AbsoluteUri.Replace(state, forged, StringComparison.Ordinal)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(app.Calls("token.exchange"));
    }

    [Fact]
    public async Task A_flow_id_of_another_flow_is_refused_and_the_right_one_still_works()
    {
        await using var app = await App.StartAsync();
        var link = await app.CreateLinkAsync();
        var callback = app.Finish(link);

        using var foreign = await app.VisitAsync(new Uri(callback.AbsoluteUri.Replace(link.Text("flow_id"), "11111111-2222-3333-4444-555555555555", StringComparison.Ordinal)));
        using var right = await app.VisitAsync(callback);

        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
        Assert.Equal("connected", right.Returned()["status"]);
        Assert.Single(app.Calls("token.exchange"));
    }

    [Fact]
    public async Task A_user_who_returns_late_is_connected_where_there_is_a_code_and_refused_where_there_is_none()
    {
        await using var app = await App.StartAsync(new() { ["Links:Lifetime"] = "00:10:00" }, new() { CodeLifetime = TimeSpan.FromHours(1) });
        var callback = app.Finish(await app.CreateLinkAsync());
        var state = QueryHelpers.ParseQuery(callback.Query)["state"];

        app.Clock.Advance(TimeSpan.FromMinutes(11));
        using var refused = await app.VisitAsync(new Uri(callback, $"?state={state}"));
        using var connected = await app.VisitAsync(callback);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("connected", connected.Returned()["status"]);
    }

    [Theory]
    [InlineData("success=true")]
    [InlineData("success=true&code=")]
    [InlineData("success=false&code=abc")]
    [InlineData("error=access_denied")]
    public async Task A_return_without_a_code_or_without_success_has_failed(string parameters)
    {
        await using var app = await App.StartAsync();
        var link = await app.CreateLinkAsync();
        var state = QueryHelpers.ParseQuery(app.Finish(link).Query)["state"];

        using var answer = await app.Http.GetAsync($"/api/callback?state={state}&{parameters}", Cancel);

        Assert.Equal("failed", answer.Returned()["status"]);
        Assert.Equal("widget_failed", answer.Returned()["error"]);
        Assert.Empty(app.Calls("token.exchange"));
    }

    [Fact]
    public async Task A_return_that_is_cancelled_and_successful_at_once_counts_as_cancelled()
    {
        await using var app = await App.StartAsync();
        var callback = app.Finish(await app.CreateLinkAsync());

        using var answer = await app.VisitAsync(new Uri(callback.AbsoluteUri + "&cancel=true"));

        Assert.Equal("cancelled", answer.Returned()["status"]);
        Assert.Empty(app.Calls("token.exchange"));
    }

    [Fact]
    public async Task A_code_that_finX_refuses_fails_the_flow_and_another_link_can_connect()
    {
        await using var app = await App.StartAsync(sandbox: new() { CodeLifetime = TimeSpan.FromMinutes(5) });
        var link = await app.CreateLinkAsync();
        var callback = app.Finish(link);
        app.Clock.Advance(TimeSpan.FromMinutes(6));

        using var refused = await app.VisitAsync(callback);
        using var again = await app.VisitAsync(callback);
        var renewal = await app.CreateLinkAsync(new() { ["connection_id"] = link.Text("connection_id") });
        using var second = await app.VisitAsync(app.Finish(renewal));

        Assert.Equal("refused", refused.Returned()["error"]);
        Assert.Equal(refused.Headers.Location, again.Headers.Location);
        Assert.Equal("connected", second.Returned()["status"]);
        Assert.Equal(3, app.Calls("token.exchange").Count);
        Assert.Equal(1, (await app.GetTokenAsync(link.Text("connection_id"))).Number("generation"));
    }

    [Fact]
    public async Task A_renewal_preserves_the_connection_and_brings_the_next_generation()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        var before = await app.GetTokenAsync(id);
        app.Clock.Advance(TimeSpan.FromDays(30));

        await app.ConnectAsync(new() { ["connection_id"] = id });

        var after = await app.GetConnectionAsync(id);
        Assert.Equal(2, after.Number("generation"));
        Assert.Equal(app.Clock.GetUtcNow() + TimeSpan.FromDays(180), after.Time("consent_expires_at"), TimeSpan.FromMinutes(1));
        Assert.NotEqual(before.Text("access_token"), (await app.GetTokenAsync(id)).Text("access_token"));
        Assert.Single(await app.RowsAsync("connections"), row => row.RowKey == "connection");
        app.AssertQuiet();
    }

    [Fact]
    public async Task A_renewal_that_is_cancelled_or_fails_leaves_the_connection_as_it_was()
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        var before = await app.GetConnectionAsync(id);

        foreach (var outcome in new[] { WidgetOutcome.Cancel, WidgetOutcome.Fail })
        {
            using var returned = await app.VisitAsync(app.Finish(await app.CreateLinkAsync(new() { ["connection_id"] = id }), outcome));
            Assert.NotEqual("connected", returned.Returned()["status"]);
        }

        Assert.Equal(before.ToJsonString(), (await app.GetConnectionAsync(id)).ToJsonString());
        Assert.Equal(1, (await app.GetTokenAsync(id)).Number("generation"));
        app.AssertQuiet();
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Only_a_browsers_get_is_a_callback(string method)
    {
        await using var app = await App.StartAsync();
        var callback = app.Finish(await app.CreateLinkAsync());

        using var request = new HttpRequestMessage(new HttpMethod(method), callback.PathAndQuery);
        using var answer = await app.Http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(app.Calls("token.exchange"));
    }
}
