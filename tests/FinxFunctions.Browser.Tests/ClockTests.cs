namespace FinxFunctions.Browser.Tests;

[Collection(SharedPage.Name)]
public sealed class ClockTests(BrowserFixture browser)
{
    [ChromiumFact]
    public async Task After_45_days_the_timer_has_replaced_the_tokens()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.Button("45 days").ClickAsync();

        await session.ExpectGenerationAsync(2);
        await Expect(session.Page.GetByRole(AriaRole.Meter, new() { Name = "consent" })).ToHaveAttributeAsync("aria-valuenow", "25");
        await Expect(session.Timeline).ToContainTextAsync("The clock was moved by 45 days.");
    }

    [ChromiumFact]
    public async Task After_89_days_a_refresh_token_is_still_good()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.Button("89 days").ClickAsync();

        await session.ExpectGenerationAsync(2);
        await Expect(session.Connections).ToContainTextAsync("active");
    }

    [ChromiumFact]
    public async Task After_91_days_without_a_rotation_only_the_user_can_bring_the_connection_back_and_does()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.Button("91 days").ClickAsync();
        await Expect(session.Connections).ToContainTextAsync("needs reconsent");
        await session.Button("Renew consent").ClickAsync();
        await Widget.FinishAsync(session.Page.Locator("body"));

        await Expect(session.Notice).ToContainTextAsync("The bank is connected.");
        await Expect(session.Connections).ToContainTextAsync("active");
        await session.ExpectGenerationAsync(2);
    }

    [ChromiumFact]
    public async Task The_clock_plays_until_it_is_stopped()
    {
        await using var session = await browser.OpenAsync();
        var before = await NowAsync(session);

        await session.Button("Play: 90 days a minute").ClickAsync();
        await Expect(session.Timeline).ToContainTextAsync("The clock was moved by 1.5 days.");
        await session.Button("Play: 90 days a minute").ClickAsync();

        await Expect(session.Button("Play: 90 days a minute")).ToHaveAttributeAsync("aria-pressed", "false");
        Assert.True(await NowAsync(session) - before > TimeSpan.FromDays(1));
    }

    private static async Task<DateTimeOffset> NowAsync(PageSession session) =>
        DateTimeOffset.Parse((await session.Page.Locator("#clock").GetAttributeAsync("datetime"))!, System.Globalization.CultureInfo.InvariantCulture);
}
