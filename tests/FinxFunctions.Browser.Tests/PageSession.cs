using System.Globalization;
using System.Text.Json;

namespace FinxFunctions.Browser.Tests;

/// <summary>A user of the page. At the end of a session no request has left this machine, and no script has failed.</summary>
internal sealed class PageSession : IAsyncDisposable
{
    /// <summary>Fewer than bring the tokens near their end.</summary>
    private const int MostHours = 240;

    private static int _users;

    private readonly IBrowserContext _context;
    private readonly List<string> _trouble = [];

    private PageSession(IBrowserContext context)
    {
        _context = context;
        context.Request += (_, request) => Check(new Uri(request.Url));
        context.WebError += (_, error) => _trouble.Add(error.Error);
        context.Console += (_, message) =>
        {
            // A 503 is no error of the page. A violation of its content security policy is one.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _trouble.Add(message.Text);
        };
    }

    public IPage Page { get; private init; } = null!;

    /// <summary>The user's id; each session has its own.</summary>
    public string User { get; } = $"user-{Interlocked.Increment(ref _users).ToString(CultureInfo.InvariantCulture)}";

    public ILocator Notice => Page.Locator("#notice");

    /// <summary>The user's connections; each test has one user and, as a rule, one connection.</summary>
    public ILocator Connections => Page.Locator("#connections");

    public ILocator Timeline => Page.Locator("#timeline");

    public static async Task<PageSession> BeginAsync(IBrowserContext context)
    {
        context.SetDefaultTimeout(BrowserFixture.HangLimit);
        var session = new PageSession(context) { Page = await context.NewPageAsync() };
        await session.Page.GotoAsync("/");
        await session.Page.GetByLabel("User id").FillAsync(session.User);
        await session.Page.GetByLabel("User id").BlurAsync();
        await Expect(session.Page.Locator("#workbench")).ToBeVisibleAsync();
        await Expect(session.Connections).ToContainTextAsync("None yet.");
        return session;
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Switch(string name) => Page.GetByRole(AriaRole.Switch, new() { Name = name });

    /// <summary>Chooses how the widget opens.</summary>
    public Task ChooseAsync(string mode) => Page.GetByText(mode, new() { Exact = true }).ClickAsync();

    /// <summary>Has a connection, made without the pages of the widget, and sees its accounts.</summary>
    public async Task HaveConnectionAsync()
    {
        var link = await PostAsync("/api/links", new { user_id = User, return_uri = Page.Url });
        var location = new Uri(link.GetProperty("location").GetString()!);
        var finished = await PostAsync(new Uri(location, $"/sandbox/links/{link.GetProperty("flow_id").GetString()}/finish").AbsoluteUri, new { outcome = "success" });
        await _context.APIRequest.GetAsync(finished.GetProperty("location").GetString()!, new() { MaxRedirects = 0 });

        await Expect(Connections).ToContainTextAsync("active");
        await Connections.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Page.Locator("#detail table")).ToBeVisibleAsync();
    }

    /// <summary>Moves the clock by a time that the page has no button for.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        await PostAsync("/dev/clock", new { advance_hours = time.TotalHours });
        await Expect(Timeline).ToContainTextAsync($"The clock was moved by {time.TotalDays.ToString(CultureInfo.InvariantCulture)} days.");
    }

    /// <summary>Lets hours pass, one after the other, until the list of connections shows a text. A refused token is asked about again at one of the ticks.</summary>
    public async Task LetHoursPassUntilAsync(string text)
    {
        for (var hour = 1; hour < MostHours && !(await Connections.InnerTextAsync()).Contains(text, StringComparison.Ordinal); hour++)
        {
            await Button("1 hour").ClickAsync();
            await Page.WaitForTimeoutAsync(500);
        }
        await Expect(Connections).ToContainTextAsync(text);
    }

    public async Task BreakAsync(string name)
    {
        await Switch(name).ClickAsync();
        await Expect(Switch(name)).ToHaveAttributeAsync("aria-checked", "true");
    }

    public async Task RepairAsync(string name)
    {
        await Switch(name).ClickAsync();
        await Expect(Switch(name)).ToHaveAttributeAsync("aria-checked", "false");
    }

    public Task ExpectGenerationAsync(int generation) => Expect(Connections).ToContainTextAsync($"generation {generation.ToString(CultureInfo.InvariantCulture)}");

    public async ValueTask DisposeAsync()
    {
        await RepairAllAsync();
        await DeleteConnectionsAsync();
        await _context.DisposeAsync();
        Assert.Empty(_trouble);
    }

    private async Task<JsonElement> PostAsync(string address, object body) =>
        (await (await _context.APIRequest.PostAsync(address, new() { DataObject = body })).JsonAsync())!.Value;

    /// <summary>Ends the faults that a failed test left on.</summary>
    private async Task RepairAllAsync()
    {
        var state = await (await _context.APIRequest.GetAsync("/dev/state")).JsonAsync();
        foreach (var breakage in state!.Value.GetProperty("breakages").EnumerateArray().Where(breakage => breakage.GetProperty("is_on").GetBoolean()))
            await PostAsync($"/dev/breakages/{breakage.GetProperty("name").GetString()}", new { on = false });
    }

    /// <summary>Leaves nothing that would be refreshed, and fill the timeline, in the tests that follow.</summary>
    private async Task DeleteConnectionsAsync()
    {
        var listed = await (await _context.APIRequest.GetAsync($"/api/connections?user_id={User}")).JsonAsync();
        foreach (var connection in listed!.Value.GetProperty("connections").EnumerateArray())
            await _context.APIRequest.DeleteAsync($"/api/connections/{connection.GetProperty("connection_id").GetString()}");
    }

    private void Check(Uri address)
    {
        if (address.Scheme is "http" or "https" or "ws" or "wss" && !address.IsLoopback)
            _trouble.Add($"A request left this machine: {address.GetLeftPart(UriPartial.Path)}");
    }
}
