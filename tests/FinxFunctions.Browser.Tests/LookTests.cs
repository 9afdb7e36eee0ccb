using System.Reflection;
using System.Text.Json;

namespace FinxFunctions.Browser.Tests;

[Collection(SharedPage.Name)]
public sealed class LookTests(BrowserFixture browser)
{
    private static readonly string Axe = File.ReadAllText(Path.Combine(
        typeof(LookTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "AxeFolder").Value!,
        "node_modules", "axe-core", "axe.min.js"));

    [ChromiumTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_no_violation(ColorScheme theme)
    {
        await using var session = await browser.OpenAsync(theme);
        await AssertAccessibleAsync(session);

        await session.HaveConnectionAsync();
        await session.BreakAsync("The next answer is lost");
        await AssertAccessibleAsync(session);

        await session.Button("Get a new token").ClickAsync();
        await Expect(session.Notice).ToContainTextAsync("finx_unavailable");
        await session.Button("1 hour").ClickAsync();
        await Expect(session.Connections).ToContainTextAsync("needs reconsent");
        await AssertAccessibleAsync(session);

        await session.ChooseAsync("in a frame");
        await session.Button("Connect").ClickAsync();
        await Expect(session.Page.FrameLocator("#widget iframe").Locator("h1")).ToBeVisibleAsync();
        await AssertAccessibleAsync(session);
    }

    [ChromiumFact]
    public async Task The_contract_is_a_click_away()
    {
        await using var session = await browser.OpenAsync();

        await session.Page.GetByRole(AriaRole.Link, new() { Name = "HTTP contract" }).ClickAsync();

        await Expect(session.Page.GetByRole(AriaRole.Heading, new() { Name = "FinxFunctions" }).First).ToBeVisibleAsync();
        await Expect(session.Page.GetByText("/api/links").First).ToBeVisibleAsync();
    }

    [ChromiumFact]
    public async Task A_newcomer_is_told_what_to_do_and_what_comes()
    {
        await using var session = await browser.OpenAsync();
        await Expect(session.Connections).ToContainTextAsync("Demobank - 90090042");

        await session.HaveConnectionAsync();

        await Expect(session.Page.Locator("#due")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^Active connections of all users: [1-9]\d*\. Rotations within 14 days: \d+\. The next: (now|in \d+ (day|hour|minute)s?)\.$"));
    }

    [ChromiumFact]
    public async Task A_phone_scrolls_in_one_direction_only()
    {
        await using var session = await browser.OpenAsync(width: 390, height: 844);
        await AssertFitsAsync(session);

        await session.HaveConnectionAsync();
        await Expect(session.Timeline.Locator("li").First).ToBeAttachedAsync();

        await AssertFitsAsync(session);
    }

    /// <summary>The README's pictures, put into the folder that <c>FINX_SCREENSHOTS</c> names; without it, beside the tests.</summary>
    [ChromiumFact]
    public async Task Pictures_are_taken_in_light_and_dark_and_on_a_phone()
    {
        var folder = Directory.CreateDirectory(Environment.GetEnvironmentVariable("FINX_SCREENSHOTS") ?? Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;
        await using var session = await browser.OpenAsync(width: 1360, height: 860);
        await session.HaveConnectionAsync();
        await session.Button("45 days").ClickAsync();
        await session.ExpectGenerationAsync(2);
        await session.Button("Get a new token").ClickAsync();
        await Expect(session.Notice).ToContainTextAsync("A new token, of generation 3.");
        await session.ExpectGenerationAsync(3);
        await session.PassAsync(TimeSpan.FromDays(25));
        await session.BreakAsync("Key Vault is down");
        await Expect(session.Page.GetByRole(AriaRole.Meter, new() { Name = "Refresh token" })).ToHaveAttributeAsync("aria-valuenow", "28");
        await session.Page.EvaluateAsync("document.activeElement.blur(); scrollTo(0, 0)");

        await TakeAsync("light");
        await session.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await TakeAsync("dark");
        await session.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await session.Page.SetViewportSizeAsync(390, 844);
        await session.Page.Locator("#middle").EvaluateAsync("element => element.scrollIntoView()");
        await TakeAsync("phone");
        await session.RepairAsync("Key Vault is down");

        async Task TakeAsync(string name)
        {
            var picture = await session.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
            Assert.InRange(picture.Length, 1, 200_000);
        }
    }

    private static async Task AssertAccessibleAsync(PageSession session)
    {
        await session.Page.EvaluateAsync(Axe);
        var result = await session.Page.EvaluateAsync<JsonElement>("async () => (await axe.run({ exclude: ['#widget iframe'] })).violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`)");
        Assert.Equal("[]", result.ToString());
    }

    private static async Task AssertFitsAsync(PageSession session) =>
        Assert.Equal(390, await session.Page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"));
}
