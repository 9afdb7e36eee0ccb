using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FinxFunctions.Callback;
using FinxFunctions.State;
using Microsoft.AspNetCore.Http;

namespace FinxFunctions.Simulation.Tests.Callback;

/// <summary>What the browser gets to see.</summary>
public sealed partial class CallbackPageTests
{
    private const string Nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, string> Said = new() { ["connection_id"] = "c", ["state"] = "\"<them>\"", ["status"] = "connected" };

    [Fact]
    public async Task A_redirect_goes_on_with_nothing_to_see()
    {
        var (response, body) = await ExecuteAsync(OnwardIn(LinkMode.Redirect));

        Assert.Equal(303, response.StatusCode);
        Assert.Equal("https://app.example/done?status=connected&x=%22", response.Headers.Location);
        Assert.Equal("", body);
        Assert.Equal(Nothing, response.Headers.ContentSecurityPolicy);
    }

    [Theory]
    [InlineData(LinkMode.Popup, "popup", "'none'")]
    [InlineData(LinkMode.Iframe, "iframe", "https://app.example")]
    public async Task A_popup_or_a_frame_gets_a_page_that_posts_to_one_origin(LinkMode mode, string name, string ancestors)
    {
        var (response, body) = await ExecuteAsync(OnwardIn(mode));

        Assert.Equal(200, response.StatusCode);
        Assert.Contains($"<body data-mode=\"{name}\" data-origin=\"https://app.example\" data-location=\"https://app.example/done?status=connected&amp;x=%22\" data-connection-id=\"c\" data-state=\"&quot;&lt;them&gt;&quot;\" data-status=\"connected\">", body, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://app.example/done?status=connected&amp;x=%22\">Continue</a>", body, StringComparison.Ordinal);
        Assert.Contains("<title>Done</title>", body, StringComparison.Ordinal);
        var script = Script().Match(body).Groups["script"].Value;
        Assert.Contains("target.postMessage({ type: 'finx_callback', ...snake }, origin);", script, StringComparison.Ordinal);
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        Assert.Equal($"default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'sha256-{hash}'; frame-ancestors {ancestors}", response.Headers.ContentSecurityPolicy);
    }

    [Fact]
    public async Task What_is_not_finished_is_asked_again_in_a_moment()
    {
        var (response, body) = await ExecuteAsync(new CallbackOutcome.Unfinished());

        Assert.Equal((503, "2", "2"), (response.StatusCode, response.Headers.RetryAfter.ToString(), response.Headers["Refresh"].ToString()));
        Assert.Contains("<title>One moment</title>", body, StringComparison.Ordinal);
        Assert.Contains("<h1>One moment, please</h1>", body, StringComparison.Ordinal);
        Assert.Equal(Nothing, response.Headers.ContentSecurityPolicy);
    }

    [Fact]
    public async Task What_nobody_waits_for_is_a_page_that_says_so()
    {
        var (response, body) = await ExecuteAsync(new CallbackOutcome.Unknown());

        Assert.Equal(400, response.StatusCode);
        Assert.Contains("<title>Link not valid</title>", body, StringComparison.Ordinal);
        Assert.Contains("<h1>This link is no longer valid</h1>", body, StringComparison.Ordinal);
        Assert.Equal(Nothing, response.Headers.ContentSecurityPolicy);
    }

    [Fact]
    public async Task A_page_is_a_whole_page_in_UTF_8()
    {
        var (response, body) = await ExecuteAsync(new CallbackOutcome.Unknown());

        Assert.Equal("text/html; charset=utf-8", response.ContentType);
        Assert.StartsWith("<!doctype html>", body, StringComparison.Ordinal);
        Assert.EndsWith("</html>", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_is_kept_sniffed_or_passed_on_as_a_referrer()
    {
        foreach (var outcome in new CallbackOutcome[] { OnwardIn(LinkMode.Redirect), OnwardIn(LinkMode.Popup), new CallbackOutcome.Unfinished(), new CallbackOutcome.Unknown() })
        {
            var (response, _) = await ExecuteAsync(outcome);

            Assert.Equal(("no-referrer", "no-store", "nosniff"), (response.Headers["Referrer-Policy"].ToString(), response.Headers.CacheControl.ToString(), response.Headers.XContentTypeOptions.ToString()));
        }
    }

    private static CallbackOutcome.Finished OnwardIn(LinkMode mode) =>
        new(new Uri("https://app.example/done?status=connected&x=%22"), Said, mode, mode is LinkMode.Redirect ? null : "https://app.example");

    private static async Task<(HttpResponse Response, string Body)> ExecuteAsync(CallbackOutcome outcome)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await new CallbackPage(outcome).ExecuteAsync(context);
        return (context.Response, Encoding.UTF8.GetString(body.ToArray()));
    }

    [GeneratedRegex("<script>(?<script>.*)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();
}
