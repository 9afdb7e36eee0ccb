namespace FinxFunctions.Browser.Tests;

public sealed class BreakageTests(BrowserFixture scenario)
{
    [Theory]
    [InlineData("finX is down")]
    [InlineData("finX is throttling")]
    public async Task While_finX_fails_there_is_no_new_token_and_afterwards_there_is(string breakage)
    {
        await using var reconciler = await scenario.OpenAsync();
        await reconciler.HaveConnectionAsync();

        await reconciler.BreakAsync(breakage);
        await reconciler.Button("Get a new token").ClickAsync();
        await Expect(reconciler.Notice).ToContainTextAsync("finx_unavailable");
        await Expect(reconciler.Connections).ToContainTextAsync("active");
        await reconciler.RepairAsync(breakage);
        await reconciler.Button("1 hour").ClickAsync();
        await reconciler.Button("Get a new token").ClickAsync();

        await Expect(reconciler.Notice).ToContainTextAsync("A new token, of generation 2.");
        await reconciler.ExpectGenerationAsync(2);
    }

    [Fact]
    public async Task While_the_vault_is_down_a_new_token_is_served_from_the_claim_and_later_committed()
    {
        await using var reconciler = await scenario.OpenAsync();
        await reconciler.HaveConnectionAsync();

        await reconciler.BreakAsync("Key Vault is down");
        await reconciler.Button("Get a new token").ClickAsync();
        await Expect(reconciler.Notice).ToContainTextAsync("A new token, of generation 2.");
        await reconciler.ExpectGenerationAsync(1);
        await reconciler.RepairAsync("Key Vault is down");
        await reconciler.Button("1 hour").ClickAsync();

        await reconciler.ExpectGenerationAsync(2);
        await Expect(reconciler.Timeline).ToContainTextAsync("an answer was kept: True");
    }

    [Fact]
    public async Task A_lost_answer_ends_a_connection_where_finX_does_not_forgive()
    {
        await using var reconciler = await scenario.OpenAsync();
        await reconciler.HaveConnectionAsync();

        await reconciler.BreakAsync("The next answer is lost");
        await reconciler.Button("Get a new token").ClickAsync();

        await Expect(reconciler.Connections).ToContainTextAsync("needs reconsent");
        await Expect(reconciler.Notice).ToContainTextAsync("ambiguous");
        await Expect(reconciler.Switch("The next answer is lost")).ToHaveAttributeAsync("aria-checked", "false");
        await Expect(reconciler.Timeline).ToContainTextAsync("finX (token.refresh) acted, but its answer was lost.");
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_where_finX_forgives()
    {
        await using var reconciler = await scenario.OpenAsync();
        await reconciler.HaveConnectionAsync();

        await reconciler.BreakAsync("finX forgives");
        await reconciler.BreakAsync("The next answer is lost");
        await reconciler.Button("Get a new token").ClickAsync();

        await Expect(reconciler.Notice).ToContainTextAsync("A new token, of generation 2.");
        await reconciler.RepairAsync("finX forgives");
    }

    [Fact]
    public async Task The_timeline_waits_while_it_is_paused()
    {
        await using var reconciler = await scenario.OpenAsync();

        await reconciler.Button("Pause").ClickAsync();
        var before = await reconciler.Timeline.InnerTextAsync();
        await reconciler.BreakAsync("finX forgives");
        await reconciler.RepairAsync("finX forgives");
        Assert.Equal(before, await reconciler.Timeline.InnerTextAsync());
        await reconciler.Button("Pause").ClickAsync();

        await Expect(reconciler.Timeline.Locator("li").First).ToContainTextAsync("Switched off: finX forgives.");
    }
}
