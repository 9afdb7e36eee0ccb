namespace FinxFunctions.Browser.Tests;

[Collection(SharedPage.Name)]
public sealed class BreakageTests(BrowserFixture browser)
{
    [ChromiumTheory]
    [InlineData("finX is down")]
    [InlineData("finX is throttling")]
    [InlineData("finX shows a maintenance page")]
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
    public async Task While_the_vault_takes_no_secrets_a_new_token_is_served_from_the_lease_and_later_committed()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.BreakAsync("Key Vault takes no new secrets");
        await session.Button("Get a new token").ClickAsync();
        await Expect(session.Notice).ToContainTextAsync("A new token, of generation 2.");
        await session.ExpectGenerationAsync(1);
        await session.RepairAsync("Key Vault takes no new secrets");
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
        await Expect(session.Notice).ToContainTextAsync("finx_unavailable");
        await Expect(session.Connections).ToContainTextAsync("active");
        await session.Button("1 hour").ClickAsync();

        await Expect(session.Connections).ToContainTextAsync("needs reconsent");
        await Expect(session.Page.Locator("#detail")).ToContainTextAsync("ambiguous");
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
    public async Task A_client_that_finX_refuses_is_an_operator_s_problem()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.BreakAsync("finX refuses this app");
        await session.Button("Get a new token").ClickAsync();
        await Expect(session.Notice).ToContainTextAsync("finx_refused");
        await session.RepairAsync("finX refuses this app");
        await session.Button("1 hour").ClickAsync();
        await session.Button("Get a new token").ClickAsync();

        await session.ExpectGenerationAsync(2);
        await Expect(session.Connections).ToContainTextAsync("active");
    }

    [ChromiumFact]
    public async Task A_user_connects_though_finX_s_nodes_learn_of_a_token_late()
    {
        await using var session = await browser.OpenAsync();

        await session.BreakAsync("finX learns of a token a second late");
        await session.HaveConnectionAsync();

        await Expect(session.Connections).ToContainTextAsync("active");
        await session.RepairAsync("finX learns of a token a second late");
    }

    [ChromiumFact]
    public async Task An_odd_answer_that_holds_good_tokens_is_read()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.BreakAsync("The next answer is odd, but good");
        await session.Button("Get a new token").ClickAsync();

        await Expect(session.Notice).ToContainTextAsync("A new token, of generation 2.");
        await Expect(session.Timeline).ToContainTextAsync("answered 200 (latin1 byte).");
    }

    [ChromiumFact]
    public async Task An_answer_that_cannot_be_read_is_asked_for_again_where_finX_forgives()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.BreakAsync("finX forgives");
        await session.BreakAsync("The next answer cannot be read");
        await session.Button("Get a new token").ClickAsync();

        await Expect(session.Notice).ToContainTextAsync("A new token, of generation 2.");
        await session.RepairAsync("finX forgives");
    }

    [ChromiumFact]
    public async Task A_table_that_goes_back_in_time_costs_no_connection()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.BreakAsync("The table goes back in time");
        await session.Button("Get a new token").ClickAsync();
        await session.ExpectGenerationAsync(2);
        await session.RepairAsync("The table goes back in time");
        await session.ExpectGenerationAsync(1);
        await session.Button("1 hour").ClickAsync();
        await session.Button("Get a new token").ClickAsync();

        await Expect(session.Notice).ToContainTextAsync("A new token, of generation");
        await Expect(session.Connections).ToContainTextAsync("active");
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

        // A tick of the timer may be above it.
        await Expect(session.Timeline).ToContainTextAsync("Switched off: finX forgives.");
    }
}
