using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FinxFunctions.Tests.Running;
using FinxSandbox.Faults;
using FinxSandbox.Finx.Widget;
using Microsoft.AspNetCore.WebUtilities;

namespace FinxFunctions.Tests.Callback;

/// <summary>Links for popups and frames, tested without a browser.</summary>
public partial class WindowModeTests
{
    private const string Hostile = "\"><script>alert(1)</script>&amp;'`";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("popup", "'none'")]
    [InlineData("iframe", "https://app.test")]
    public async Task The_page_posts_the_outcome_to_one_origin_and_runs_only_its_own_script(string mode, string ancestors)
    {
        await using var app = await App.StartAsync();
        var link = await app.CreateLinkAsync(new() { ["mode"] = mode, ["state"] = "mine" });

        using var answer = await app.VisitAsync(app.Finish(link));
        var page = await answer.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(mode, Data(page)["mode"]);
        Assert.Equal("https://app.test", Data(page)["origin"]);
        Assert.Equal(link.Text("connection_id"), Data(page)["connection-id"]);
        Assert.Equal("mine", Data(page)["state"]);
        Assert.Equal("connected", Data(page)["status"]);
        Assert.Equal(new Uri(World.ReturnUri).GetLeftPart(UriPartial.Path), new Uri(Data(page)["location"]).GetLeftPart(UriPartial.Path));
        Assert.Equal("connected", QueryHelpers.ParseQuery(new Uri(Data(page)["location"]).Query)["status"]);
        Assert.Equal(
            $"default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'sha256-{Hash(Assert.Single(Scripts(page)))}'; frame-ancestors {ancestors}",
            Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal(["no-referrer"], answer.Headers.GetValues("Referrer-Policy"));
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        app.AssertQuiet();
    }

    [Theory]
    [InlineData("popup", "'none'")]
    [InlineData("iframe", "https://app.test")]
    public async Task The_page_that_waits_allows_the_same_frame_as_the_outcome(string mode, string ancestors)
    {
        await using var app = await App.StartAsync(new() { ["Tokens:WaitLimit"] = "00:00:01" });
        var callback = app.Finish(await app.CreateLinkAsync(new() { ["mode"] = mode }));
        app.Sandbox.Faults.Add(new() { Kind = FaultKind.ServerError, Operation = "token.exchange", Times = null });

        using var answer = await app.VisitAsync(callback);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(["2"], answer.Headers.GetValues("Refresh"));
        Assert.EndsWith($"; frame-ancestors {ancestors}", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_allowed_origin_can_be_requested_and_only_it_may_frame_the_page()
    {
        await using var app = await App.StartAsync(new() { ["Links:AllowedReturnUris:1"] = "https://shop.test:8443/" });
        var link = await app.CreateLinkAsync(new() { ["mode"] = "iframe", ["origin"] = "https://shop.test:8443" });

        using var answer = await app.VisitAsync(app.Finish(link));

        Assert.Equal("https://shop.test:8443", Data(await answer.Content.ReadAsStringAsync(Cancel))["origin"]);
        Assert.EndsWith("; frame-ancestors https://shop.test:8443", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redirect")]
    [InlineData("popup")]
    [InlineData("iframe")]
    public async Task A_host_with_an_umlaut_is_written_to_headers_in_ASCII(string mode)
    {
        await using var app = await App.StartAsync(new() { ["Links:AllowedReturnUris:1"] = "https://bücher.test/" });
        var link = await app.CreateLinkAsync(new() { ["mode"] = mode, ["return_uri"] = "https://bücher.test/ö?ä=ü" });

        using var answer = await app.VisitAsync(app.Finish(link));

        Assert.All(answer.Headers.SelectMany(header => header.Value), value => Assert.All(value, c => Assert.True(char.IsAscii(c), value)));
        Assert.Contains("https://xn--bcher-kva.test", $"{answer.Headers}{await answer.Content.ReadAsStringAsync(Cancel)}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("popup")]
    [InlineData("iframe")]
    public async Task Values_of_the_caller_are_encoded_in_the_page(string mode)
    {
        await using var app = await App.StartAsync();
        var link = await app.CreateLinkAsync(new() { ["mode"] = mode, ["state"] = Hostile, ["return_uri"] = $"{World.ReturnUri}?x={Hostile}" });

        using var answer = await app.VisitAsync(app.Finish(link));
        var page = await answer.Content.ReadAsStringAsync(Cancel);

        Assert.Single(Scripts(page));
        Assert.DoesNotContain("alert(1)</", page, StringComparison.Ordinal);
        Assert.Equal(Hostile, Data(page)["state"]);
        Assert.Equal(Hostile, QueryHelpers.ParseQuery(new Uri(Data(page)["location"]).Query)["state"]);
    }

    [Theory]
    [InlineData("redirect")]
    [InlineData("popup")]
    [InlineData("iframe")]
    public async Task Neither_the_code_nor_the_state_of_finX_is_in_the_page(string mode)
    {
        await using var app = await App.StartAsync();
        var callback = app.Finish(await app.CreateLinkAsync(new() { ["mode"] = mode }));
        var query = QueryHelpers.ParseQuery(callback.Query);

        using var answer = await app.VisitAsync(callback);
        var all = answer.ToString() + await answer.Content.ReadAsStringAsync(Cancel);

        Assert.DoesNotContain(query["code"].ToString(), all, StringComparison.Ordinal);
        Assert.DoesNotContain(query["state"].ToString(), all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WidgetOutcome.Cancel, "cancelled", null)]
    [InlineData(WidgetOutcome.Fail, "failed", "widget_failed")]
    public async Task A_flow_that_is_cancelled_or_fails_is_reported_the_same_way(WidgetOutcome outcome, string status, string? error)
    {
        await using var app = await App.StartAsync();
        var link = await app.CreateLinkAsync(new() { ["mode"] = "popup" });

        using var answer = await app.VisitAsync(app.Finish(link, outcome));
        var data = Data(await answer.Content.ReadAsStringAsync(Cancel));

        Assert.Equal(status, data["status"]);
        Assert.Equal(error, data.GetValueOrDefault("error"));
    }

    [Fact]
    public async Task A_second_delivery_gets_the_same_page_without_a_second_exchange()
    {
        await using var app = await App.StartAsync();
        var callback = app.Finish(await app.CreateLinkAsync(new() { ["mode"] = "popup", ["state"] = "s" }));

        using var first = await app.VisitAsync(callback);
        using var second = await app.VisitAsync(callback);

        Assert.Equal(await first.Content.ReadAsStringAsync(Cancel), await second.Content.ReadAsStringAsync(Cancel));
        Assert.Single(app.Calls("token.exchange"));
    }

    [Theory]
    [InlineData("https://app.test/")]
    [InlineData("https://app.test/banking")]
    [InlineData("https://app.test?x")]
    [InlineData("https://app.test#x")]
    [InlineData("https://APP.test")]
    [InlineData("https://app.test:443")]
    [InlineData("https://app.test:8443")]
    [InlineData("http://app.test")]
    [InlineData("https://user@app.test")]
    [InlineData("https://@app.test")]
    [InlineData("https://app.test@evil.test")]
    [InlineData("https://app.test.evil.test")]
    [InlineData("https://evil-app.test")]
    [InlineData("https://app.test.")]
    [InlineData("https://аpp.test")]
    [InlineData("https://app。test")]
    [InlineData("https://app%2etest")]
    [InlineData(@"https:\\app.test")]
    [InlineData(@"https://app.test\")]
    [InlineData("//app.test")]
    [InlineData("app.test")]
    [InlineData("null")]
    [InlineData("*")]
    [InlineData("https://*.test")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData(" https://app.test")]
    [InlineData("https://app.test 'self'")]
    [InlineData("https://app.test;script-src *")]
    public async Task An_origin_that_only_resembles_an_allowed_one_is_refused(string origin)
    {
        await using var app = await App.StartAsync();

        using var response = await app.Http.PostAsync("/api/links", Json(new() { ["user_id"] = "u", ["return_uri"] = World.ReturnUri, ["mode"] = "iframe", ["origin"] = origin }), Cancel);

        Assert.Equal(["origin"], (await response.ProblemAsync(400, "invalid_request")).Fields());
        Assert.Empty(app.Sandbox.Journal.Entries);
    }

    [Theory]
    [InlineData("redirect", "https://app.test", "origin")]
    [InlineData(null, "https://app.test", "origin")]
    [InlineData("window", null, "mode")]
    [InlineData("Popup", null, "mode")]
    public async Task An_unknown_mode_or_a_mode_without_an_origin_is_refused(string? mode, string? origin, string field)
    {
        await using var app = await App.StartAsync();

        using var response = await app.Http.PostAsync("/api/links", Json(new() { ["user_id"] = "u", ["return_uri"] = World.ReturnUri, ["mode"] = mode, ["origin"] = origin }), Cancel);

        Assert.Equal([field], (await response.ProblemAsync(400, "invalid_request")).Fields());
        Assert.Empty(app.Sandbox.Journal.Entries);
    }

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    private static string Hash(string script) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));

    private static List<string> Scripts(string page) => [.. Script().Matches(page).Select(match => match.Groups["text"].Value)];

    /// <summary>The data attributes of the body, as a browser reads them.</summary>
    private static Dictionary<string, string> Data(string page) =>
        Attribute().Matches(Body().Match(page).Value).ToDictionary(match => match.Groups["name"].Value, match => WebUtility.HtmlDecode(match.Groups["value"].Value));

    [GeneratedRegex("<script[^>]*>(?<text>.*?)</script>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Script();

    [GeneratedRegex("<body[^>]*>")]
    private static partial Regex Body();

    [GeneratedRegex(" data-(?<name>[a-z-]+)=\"(?<value>[^\"]*)\"")]
    private static partial Regex Attribute();
}
