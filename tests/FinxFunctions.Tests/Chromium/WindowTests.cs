using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FinxFunctions.Chromium;
using FinxFunctions.Tests.Running;
using Microsoft.Playwright;

namespace FinxFunctions.Tests.Chromium;

/// <summary>Popups and frames in a real browser, from the caller's page through the widget and back.</summary>
public class WindowTests
{
    /// <summary>In milliseconds. Ends a test that hangs; a slow machine needs less.</summary>
    private const int HangLimit = 300_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [ChromiumFact]
    public async Task A_popup_hands_the_outcome_to_its_opener_and_closes()
    {
        await using var scenario = await WindowScenario.OpenAsync();
        var link = await scenario.App.CreateLinkAsync(scenario.Fields("popup"));

        var popup = await scenario.PopUpAsync(scenario.Site.Origin, link);
        await WalkAsync(popup.MainFrame, closes: true);

        Assert.Equal([scenario.Expected(link)], await scenario.HeardAsync(1));
        Assert.Single(scenario.App.Calls("token.exchange"));
    }

    [ChromiumFact]
    public async Task A_frame_hands_the_outcome_to_its_parent()
    {
        await using var scenario = await WindowScenario.OpenAsync();
        var link = await scenario.App.CreateLinkAsync(scenario.Fields("iframe"));

        await WalkAsync(await scenario.FrameAsync(scenario.Site.Origin, link), closes: false);

        Assert.Equal([scenario.Expected(link)], await scenario.HeardAsync(1));
    }

    [ChromiumFact]
    public async Task A_page_of_another_origin_that_opened_the_popup_hears_nothing()
    {
        await using var scenario = await WindowScenario.OpenAsync();
        var link = await scenario.App.CreateLinkAsync(scenario.Fields("popup"));

        var popup = await scenario.PopUpAsync(scenario.Site.OtherOrigin, link);
        await WalkAsync(popup.MainFrame, closes: true);

        Assert.Empty(await scenario.HeardAsync(0));
        Assert.Single(scenario.App.Calls("token.exchange"));
    }

    [ChromiumFact]
    public async Task A_page_of_another_origin_that_framed_it_hears_nothing_and_shows_nothing()
    {
        await using var scenario = await WindowScenario.OpenAsync();
        var link = await scenario.App.CreateLinkAsync(scenario.Fields("iframe"));

        var frame = await scenario.FrameAsync(scenario.Site.OtherOrigin, link);
        await WalkAsync(frame, closes: false);
        await scenario.MessageAsync("frame-ancestors");

        Assert.Empty(await scenario.HeardAsync(0));
        Assert.DoesNotContain("finx_callback", await frame.ContentAsync(), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Without_an_opener_the_popup_goes_on_to_the_return_address()
    {
        await using var scenario = await WindowScenario.OpenAsync();
        var link = await scenario.App.CreateLinkAsync(scenario.Fields("popup"));

        await scenario.Page.GotoAsync(link.Text("location"));
        await WalkAsync(scenario.Page.MainFrame, closes: false);
        // Not WaitForURLAsync: in .NET it may miss a navigation that ends while it begins to wait (playwright-dotnet issue 3364).
        await Assertions.Expect(scenario.Page).ToHaveURLAsync(new Regex($"^{Regex.Escape(scenario.Site.Origin)}/banking/done\\?"), new() { Timeout = HangLimit });

        Assert.Contains($"connection_id={link.Text("connection_id")}&state=mine&status=connected", scenario.Page.Url, StringComparison.Ordinal);
        Assert.Equal("", await scenario.Page.EvaluateAsync<string>("document.referrer"));
    }

    [ChromiumFact]
    public async Task What_the_caller_sent_arrives_as_it_was_and_runs_nowhere()
    {
        await using var scenario = await WindowScenario.OpenAsync();
        const string hostile = "\"><script>window.opener.hacked = 1</script>'&quot;";
        var fields = scenario.Fields("popup");
        fields["state"] = hostile;
        var link = await scenario.App.CreateLinkAsync(fields);

        var popup = await scenario.PopUpAsync(scenario.Site.Origin, link);
        await WalkAsync(popup.MainFrame, closes: true);
        var heard = JsonNode.Parse(Assert.Single(await scenario.HeardAsync(1)))!["data"]!.AsObject();

        Assert.Equal(hostile, heard.Text("state"));
        Assert.Equal(["type", "connection_id", "state", "status"], heard.Select(field => field.Key));
    }

    [ChromiumFact]
    public async Task A_cancelled_popup_says_so()
    {
        await using var scenario = await WindowScenario.OpenAsync();
        var link = await scenario.App.CreateLinkAsync(scenario.Fields("popup"));

        var popup = await scenario.PopUpAsync(scenario.Site.Origin, link);
        await PressAsync(popup.MainFrame, "cancel");

        Assert.Equal("cancelled", JsonNode.Parse(Assert.Single(await scenario.HeardAsync(1)))!["data"]!.AsObject().Text("status"));
    }

    private static async Task WalkAsync(IFrame widget, bool closes)
    {
        await widget.Locator("label", new() { HasText = "Demobank - 90090042" }).Locator("input").CheckAsync(new() { Timeout = HangLimit });
        await PressAsync(widget, "next");
        await widget.FillAsync("input[name=user]", "demo", new() { Timeout = HangLimit });
        await widget.FillAsync("input[name=password]", "demo", new() { Timeout = HangLimit });
        await PressAsync(widget, "next");
        await widget.Locator("input[name=account]").First.CheckAsync(new() { Timeout = HangLimit });
        await PressAsync(widget, "next");
        await widget.Locator("ul").WaitForAsync(new() { Timeout = HangLimit });
        var closed = new TaskCompletionSource();
        widget.Page.Close += (_, _) => closed.TrySetResult();
        await PressAsync(widget, "next");
        if (closes)
        {
            await closed.Task.WaitAsync(TimeSpan.FromMilliseconds(HangLimit), Cancel);
        }
    }

    private static Task PressAsync(IFrame widget, string action) => widget.ClickAsync($"button[value={action}]", new() { Timeout = HangLimit });

    /// <summary>A browser, a caller's site and the app.</summary>
    private sealed class WindowScenario : IAsyncDisposable
    {
        private readonly IPlaywright _playwright;
        private readonly IBrowser _browser;
        private readonly ConcurrentQueue<string> _messages = new();

        private WindowScenario(App app, HostSite site, IPlaywright playwright, IBrowser browser, IPage page)
        {
            (App, Site, _playwright, _browser, Page) = (app, site, playwright, browser, page);
            page.Console += (_, message) => _messages.Enqueue(message.Text);
        }

        public App App { get; }

        public HostSite Site { get; }

        /// <summary>The caller's page.</summary>
        public IPage Page { get; }

        public static async Task<WindowScenario> OpenAsync()
        {
            var site = await HostSite.StartAsync(Cancel);
            var app = await App.StartAsync(new()
            {
                ["Links:CallbackAddress"] = $"{site.OtherOrigin}/api/callback",
                ["Links:AllowedReturnUris:0"] = "http://localhost/banking",
            });
            site.App = app.Http;
            var playwright = await Microsoft.Playwright.Playwright.CreateAsync();
            var browser = await ChromiumBrowser.LaunchAsync(playwright);
            return new WindowScenario(app, site, playwright, browser, await browser.NewPageAsync());
        }

        public JsonObject Fields(string mode) => new() { ["return_uri"] = $"{Site.Origin}/banking/done", ["state"] = "mine", ["mode"] = mode };

        public async Task<IPage> PopUpAsync(string origin, JsonObject link)
        {
            await Page.GotoAsync($"{origin}/banking/start");
            return await Page.RunAndWaitForPopupAsync(() => Page.EvaluateAsync("location => { window.open(location, 'bank', 'popup') }", link.Text("location")));
        }

        public async Task<IFrame> FrameAsync(string origin, JsonObject link)
        {
            await Page.GotoAsync($"{origin}/banking/start");
            await Page.EvaluateAsync("location => { const frame = document.createElement('iframe'); frame.src = location; document.body.append(frame); }", link.Text("location"));
            var element = await Page.WaitForSelectorAsync("iframe");
            return (await element!.ContentFrameAsync())!;
        }

        /// <summary>The messages to the caller's page, once there are at least so many.</summary>
        public async Task<IReadOnlyList<string>> HeardAsync(int atLeast)
        {
            await Page.WaitForFunctionAsync("count => heard.length >= count", atLeast, new() { Timeout = HangLimit });
            return JsonSerializer.Deserialize<string[]>(await Page.EvaluateAsync<string>("JSON.stringify(heard.map(message => JSON.stringify(message)))"))!;
        }

        /// <summary>Waits until the browser has written a message with a text to its console.</summary>
        public async Task MessageAsync(string of)
        {
            for (var waited = 0; waited < HangLimit && !_messages.Any(message => message.Contains(of, StringComparison.Ordinal)); waited += 50)
            {
                await Task.Delay(50, Cancel);
            }

            Assert.Contains(_messages, message => message.Contains(of, StringComparison.Ordinal));
        }

        public string Expected(JsonObject link) => JsonSerializer.Serialize(new
        {
            origin = Site.OtherOrigin,
            data = new { type = "finx_callback", connection_id = link.Text("connection_id"), state = "mine", status = "connected" },
        });

        public async ValueTask DisposeAsync()
        {
            await _browser.DisposeAsync();
            _playwright.Dispose();
            await Site.DisposeAsync();
            await App.DisposeAsync();
        }
    }
}
