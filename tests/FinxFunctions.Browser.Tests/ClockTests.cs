namespace FinxFunctions.Browser.Tests;

public sealed class ClockTests(BrowserFixture scenario)
{
    [Fact]
    public async Task After_45_days_the_timer_has_replaced_the_tokens()
    {
        await using var reconciler = await scenario.OpenAsync();
        await reconciler.HaveConnectionAsync();

        await reconciler.Button("45 days").ClickAsync();

        await reconciler.ExpectGenerationAsync(2);
        await Expect(reconciler.Page.GetByRole(AriaRole.Meter, new() { Name = "consent" })).ToHaveAttributeAsync("aria-valuenow", "25");
        await Expect(reconciler.Timeline).ToContainTextAsync("The clock was moved by 45 days.");
    }

    [Fact]
    public async Task After_89_days_a_refresh_token_is_still_good()
    {
        await using var reconciler = await scenario.OpenAsync();
        await reconciler.HaveConnectionAsync();

        await reconciler.Button("89 days").ClickAsync();

        await reconciler.ExpectGenerationAsync(2);
        await Expect(reconciler.Connections).ToContainTextAsync("active");
    }

    [Fact]
    public async Task After_91_days_without_a_rotation_only_the_user_can_bring_the_connection_back_and_does()
    {
        await using var reconciler = await scenario.OpenAsync();
        await reconciler.HaveConnectionAsync();

        await reconciler.Button("91 days").ClickAsync();
        await Expect(reconciler.Connections).ToContainTextAsync("needs reconsent");
        await reconciler.Button("Renew consent").ClickAsync();
        await Widget.FinishAsync(reconciler.Page.Locator("body"));

        await Expect(reconciler.Notice).ToContainTextAsync("The bank is connected.");
        await Expect(reconciler.Connections).ToContainTextAsync("active");
        await reconciler.ExpectGenerationAsync(2);
    }

    [Fact]
    public async Task The_clock_plays_until_it_is_stopped()
    {
        await using var reconciler = await scenario.OpenAsync();
        var before = await NowAsync(reconciler);

        await reconciler.Button("Play: 90 days a minute").ClickAsync();
        await Expect(reconciler.Timeline).ToContainTextAsync("The clock was moved by 1.5 days.");
        await reconciler.Button("Play: 90 days a minute").ClickAsync();

        await Expect(reconciler.Button("Play: 90 days a minute")).ToHaveAttributeAsync("aria-pressed", "false");
        Assert.True(await NowAsync(reconciler) - before > TimeSpan.FromDays(1));
    }

    private static async Task<DateTimeOffset> NowAsync(PageSession reconciler) =>
        DateTimeOffset.Parse((await reconciler.Page.Locator("#clock").GetAttributeAsync("datetime"))!, System.Globalization.CultureInfo.InvariantCulture);
}
