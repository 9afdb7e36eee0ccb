namespace FinxFunctions.Browser.Tests;

/// <summary>One DevHost and one browser. Tests that share them share the sandbox's clock, and so run one after the other.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>In milliseconds. Ends a test that hangs; a slow machine needs less.</summary>
    public const int HangLimit = 300_000;

    private DevHost? _host;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (ChromiumBrowser.Path is null)
            return;

        SetDefaultExpectTimeout(HangLimit);
        var host = DevHost.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await ChromiumBrowser.LaunchAsync(_playwright);
        _host = await host;
    }

    /// <summary>Opens the page as a new user.</summary>
    internal async Task<PageSession> OpenAsync(ColorScheme theme = ColorScheme.Light, int width = 1440, int height = 1000)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            BaseURL = _host!.Address.AbsoluteUri,
            ColorScheme = theme,
            ViewportSize = new() { Width = width, Height = height },
            ReducedMotion = ReducedMotion.Reduce,
        });
        return await PageSession.BeginAsync(context);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _host?.Dispose();
    }
}
