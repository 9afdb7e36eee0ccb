using System.Reflection;
using System.Text.Json;

namespace FinxFunctions.Browser.Tests;

public sealed class LookTests(Stage stage)
{
    private static readonly string Axe = File.ReadAllText(Path.Combine(
        typeof(LookTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "AxeFolder").Value!,
        "node_modules", "axe-core", "axe.min.js"));

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_nothing_to_complain_of(ColorScheme theme)
    {
        await using var visit = await stage.OpenAsync(theme);
        await AssertAccessibleAsync(visit);

        await visit.ConnectAsync();
        await visit.BreakAsync("The next answer is lost");
        await AssertAccessibleAsync(visit);

        await visit.Button("Get a new token").ClickAsync();
        await Expect(visit.Connections).ToContainTextAsync("needs reconsent");
        await AssertAccessibleAsync(visit);

        await visit.ChooseAsync("in a frame");
        await visit.Button("Connect").ClickAsync();
        await Expect(visit.Page.FrameLocator("#widget iframe").Locator("h1")).ToBeVisibleAsync();
        await AssertAccessibleAsync(visit);
    }

    [Fact]
    public async Task A_phone_scrolls_in_one_direction_only()
    {
        await using var visit = await stage.OpenAsync(width: 390, height: 844);
        await AssertFitsAsync(visit);

        await visit.ConnectAsync();
        await Expect(visit.Timeline.Locator("li").First).ToBeAttachedAsync();

        await AssertFitsAsync(visit);
    }

    /// <summary>The README's pictures, where <c>FINX_SCREENSHOTS</c> names a folder for them.</summary>
    [Theory]
    [InlineData("light", ColorScheme.Light, 1440, 1000)]
    [InlineData("dark", ColorScheme.Dark, 1440, 1000)]
    [InlineData("phone", ColorScheme.Light, 390, 844)]
    public async Task Screenshots_are_taken_when_asked_for(string name, ColorScheme theme, int width, int height)
    {
        var folder = Environment.GetEnvironmentVariable("FINX_SCREENSHOTS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "Set FINX_SCREENSHOTS to the folder that they go to, src/FinxFunctions.DevHost/screenshots.");
        await using var visit = await stage.OpenAsync(theme, width, height);
        await visit.ConnectAsync();
        await visit.Button("45 days").ClickAsync();
        await visit.ExpectGenerationAsync(2);
        await visit.BreakAsync("Key Vault is down");
        await visit.Button("Get a new token").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("A new token, of generation 3.");
        await visit.RepairAsync("Key Vault is down");
        await visit.Button("1 hour").ClickAsync();
        await visit.ExpectGenerationAsync(3);
        await visit.Page.EvaluateAsync("document.activeElement.blur(); scrollTo(0, 0)");
        if (width < 400)
            await visit.Page.Locator("#middle").ScrollIntoViewIfNeededAsync();

        await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }

    private static async Task AssertAccessibleAsync(Visit visit)
    {
        await visit.Page.EvaluateAsync(Axe);
        var result = await visit.Page.EvaluateAsync<JsonElement>("async () => (await axe.run({ exclude: ['#widget iframe'] })).violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' ')}`)");
        Assert.Equal("[]", result.ToString());
    }

    private static async Task AssertFitsAsync(Visit visit) =>
        Assert.Equal(390, await visit.Page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"));
}
