namespace FinxFunctions.Browser.Tests;

public sealed class ClockTests(Stage stage)
{
    [Fact]
    public async Task After_45_days_the_timer_has_replaced_the_tokens()
    {
        await using var visit = await stage.OpenAsync();
        await visit.HaveConnectionAsync();

        await visit.Button("45 days").ClickAsync();

        await visit.ExpectGenerationAsync(2);
        await Expect(visit.Page.GetByRole(AriaRole.Meter, new() { Name = "consent" })).ToHaveAttributeAsync("aria-valuenow", "25");
        await Expect(visit.Timeline).ToContainTextAsync("The clock moved on by 45 days.");
    }

    [Fact]
    public async Task After_89_days_a_refresh_token_is_still_good()
    {
        await using var visit = await stage.OpenAsync();
        await visit.HaveConnectionAsync();

        await visit.Button("89 days").ClickAsync();

        await visit.ExpectGenerationAsync(2);
        await Expect(visit.Connections).ToContainTextAsync("active");
    }

    [Fact]
    public async Task After_91_days_without_a_rotation_only_the_user_can_bring_the_connection_back_and_does()
    {
        await using var visit = await stage.OpenAsync();
        await visit.HaveConnectionAsync();

        await visit.Button("91 days").ClickAsync();
        await Expect(visit.Connections).ToContainTextAsync("needs reconsent");
        await visit.Button("Renew consent").ClickAsync();
        await Widget.FinishAsync(visit.Page.Locator("body"));

        await Expect(visit.Notice).ToContainTextAsync("The bank is connected.");
        await Expect(visit.Connections).ToContainTextAsync("active");
        await visit.ExpectGenerationAsync(2);
    }

    [Fact]
    public async Task The_clock_plays_until_it_is_stopped()
    {
        await using var visit = await stage.OpenAsync();
        var before = await NowAsync(visit);

        await visit.Button("Play: 90 days a minute").ClickAsync();
        await Expect(visit.Timeline).ToContainTextAsync("The clock moved on by 1.5 days.");
        await visit.Button("Play: 90 days a minute").ClickAsync();

        await Expect(visit.Button("Play: 90 days a minute")).ToHaveAttributeAsync("aria-pressed", "false");
        Assert.True(await NowAsync(visit) - before > TimeSpan.FromDays(1));
    }

    private static async Task<DateTimeOffset> NowAsync(Visit visit) =>
        DateTimeOffset.Parse((await visit.Page.Locator("#clock").GetAttributeAsync("datetime"))!, System.Globalization.CultureInfo.InvariantCulture);
}
