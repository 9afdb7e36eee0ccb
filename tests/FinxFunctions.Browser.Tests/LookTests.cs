using System.Reflection;
using System.Text.Json;

namespace FinxFunctions.Browser.Tests;

public sealed class LookTests(BrowserFixture scenario)
{
    private static readonly string Axe = File.ReadAllText(Path.Combine(
        typeof(LookTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "AxeFolder").Value!,
        "node_modules", "axe-core", "axe.min.js"));

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing_to_complain_of(ColorScheme theme)
    {
        await using var reconciler = await scenario.OpenAsync(theme);
        await AssertAccessibleAsync(reconciler);

        await reconciler.HaveConnectionAsync();
        await reconciler.BreakAsync("The next answer is lost");
        await AssertAccessibleAsync(reconciler);

        await reconciler.Button("Get a new token").ClickAsync();
        await Expect(reconciler.Connections).ToContainTextAsync("needs reconsent");
        await AssertAccessibleAsync(reconciler);

        await reconciler.ChooseAsync("in a frame");
        await reconciler.Button("Connect").ClickAsync();
        await Expect(reconciler.Page.FrameLocator("#widget iframe").Locator("h1")).ToBeVisibleAsync();
        await AssertAccessibleAsync(reconciler);
    }

    [Fact]
    public async Task The_contract_is_a_click_away()
    {
        await using var reconciler = await scenario.OpenAsync();

        await reconciler.Page.GetByRole(AriaRole.Link, new() { Name = "HTTP contract" }).ClickAsync();

        await Expect(reconciler.Page.GetByRole(AriaRole.Heading, new() { Name = "FinxFunctions" }).First).ToBeVisibleAsync();
        await Expect(reconciler.Page.GetByText("/api/links").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_newcomer_is_told_what_to_do_and_what_comes()
    {
        await using var reconciler = await scenario.OpenAsync();
        await Expect(reconciler.Connections).ToContainTextAsync("Demobank - 90090042");

        await reconciler.HaveConnectionAsync();

        await Expect(reconciler.Page.Locator("#due")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^Active connections of all users: [1-9]\d*\. Rotations within 14 days: \d+\. The next: (now|in \d+ (day|hour|minute)s?)\.$"));
    }

    [Fact]
    public async Task A_phone_scrolls_in_one_direction_only()
    {
        await using var reconciler = await scenario.OpenAsync(width: 390, height: 844);
        await AssertFitsAsync(reconciler);

        await reconciler.HaveConnectionAsync();
        await Expect(reconciler.Timeline.Locator("li").First).ToBeAttachedAsync();

        await AssertFitsAsync(reconciler);
    }

    /// <summary>The README's pictures, put into the folder that <c>FINX_SCREENSHOTS</c> names; without it, beside the tests.</summary>
    [Fact]
    public async Task Pictures_are_taken_in_light_and_dark_and_on_a_phone()
    {
        var folder = Directory.CreateDirectory(Environment.GetEnvironmentVariable("FINX_SCREENSHOTS") ?? Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;
        await using var reconciler = await scenario.OpenAsync(width: 1360, height: 860);
        await reconciler.HaveConnectionAsync();
        await reconciler.Button("45 days").ClickAsync();
        await reconciler.ExpectGenerationAsync(2);
        await reconciler.Button("Get a new token").ClickAsync();
        await Expect(reconciler.Notice).ToContainTextAsync("A new token, of generation 3.");
        await reconciler.ExpectGenerationAsync(3);
        await reconciler.PassAsync(TimeSpan.FromDays(25));
        await reconciler.BreakAsync("Key Vault is down");
        await Expect(reconciler.Page.GetByRole(AriaRole.Meter, new() { Name = "Refresh token" })).ToHaveAttributeAsync("aria-valuenow", "28");
        await reconciler.Page.EvaluateAsync("document.activeElement.blur(); scrollTo(0, 0)");

        await TakeAsync("light");
        await reconciler.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await TakeAsync("dark");
        await reconciler.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await reconciler.Page.SetViewportSizeAsync(390, 844);
        await reconciler.Page.Locator("#middle").EvaluateAsync("element => element.scrollIntoView()");
        await TakeAsync("phone");
        await reconciler.RepairAsync("Key Vault is down");

        async Task TakeAsync(string name)
        {
            var picture = await reconciler.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
            Assert.InRange(picture.Length, 1, 200_000);
        }
    }

    private static async Task AssertAccessibleAsync(PageSession reconciler)
    {
        await reconciler.Page.EvaluateAsync(Axe);
        var result = await reconciler.Page.EvaluateAsync<JsonElement>("async () => (await axe.run({ exclude: ['#widget iframe'] })).violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`)");
        Assert.Equal("[]", result.ToString());
    }

    private static async Task AssertFitsAsync(PageSession reconciler) =>
        Assert.Equal(390, await reconciler.Page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"));
}
