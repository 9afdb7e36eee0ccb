namespace FinxFunctions.Browser.Tests;

public sealed class BreakageTests(BrowserFixture browser)
{
    [ChromiumTheory]
    [InlineData("finX is down")]
    [InlineData("finX is throttling")]
    public async Task While_finX_fails_there_is_no_new_token_and_afterwards_there_is(string breakage)
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.BreakAsync(breakage);
        await session.Button("Get a new token").ClickAsync();
        await Expect(session.Notice).ToContainTextAsync("finx_unavailable");
        await Expect(session.Connections).ToContainTextAsync("active");
        await session.RepairAsync(breakage);
        await session.Button("1 hour").ClickAsync();
        await session.Button("Get a new token").ClickAsync();

        await Expect(session.Notice).ToContainTextAsync("A new token, of generation 2.");
        await session.ExpectGenerationAsync(2);
    }

    [ChromiumFact]
    public async Task While_the_vault_is_down_a_new_token_is_served_from_the_lease_and_later_committed()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.BreakAsync("Key Vault is down");
        await session.Button("Get a new token").ClickAsync();
        await Expect(session.Notice).ToContainTextAsync("A new token, of generation 2.");
        await session.ExpectGenerationAsync(1);
        await session.RepairAsync("Key Vault is down");
        await session.Button("1 hour").ClickAsync();

        await session.ExpectGenerationAsync(2);
        await Expect(session.Timeline).ToContainTextAsync("an answer was persisted: True");
    }

    [ChromiumFact]
    public async Task A_lost_answer_ends_a_connection_where_finX_does_not_forgive()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.BreakAsync("The next answer is lost");
        await session.Button("Get a new token").ClickAsync();

        await Expect(session.Connections).ToContainTextAsync("needs reconsent");
        await Expect(session.Notice).ToContainTextAsync("ambiguous");
        await Expect(session.Switch("The next answer is lost")).ToHaveAttributeAsync("aria-checked", "false");
        await Expect(session.Timeline).ToContainTextAsync("finX (token.refresh) acted, but its answer was lost.");
    }

    [ChromiumFact]
    public async Task A_lost_answer_is_asked_for_again_where_finX_forgives()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.BreakAsync("finX forgives");
        await session.BreakAsync("The next answer is lost");
        await session.Button("Get a new token").ClickAsync();

        await Expect(session.Notice).ToContainTextAsync("A new token, of generation 2.");
        await session.RepairAsync("finX forgives");
    }

    [ChromiumFact]
    public async Task The_timeline_waits_while_it_is_paused()
    {
        await using var session = await browser.OpenAsync();

        await session.Button("Pause").ClickAsync();
        var before = await session.Timeline.InnerTextAsync();
        await session.BreakAsync("finX forgives");
        await session.RepairAsync("finX forgives");
        Assert.Equal(before, await session.Timeline.InnerTextAsync());
        await session.Button("Pause").ClickAsync();

        await Expect(session.Timeline.Locator("li").First).ToContainTextAsync("Switched off: finX forgives.");
    }
}
