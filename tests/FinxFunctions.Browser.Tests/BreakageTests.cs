namespace FinxFunctions.Browser.Tests;

public sealed class BreakageTests(Stage stage)
{
    [Theory]
    [InlineData("finX is down")]
    [InlineData("finX is throttling")]
    public async Task While_finX_fails_there_is_no_new_token_and_afterwards_there_is(string breakage)
    {
        await using var visit = await stage.OpenAsync();
        await visit.HaveConnectionAsync();

        await visit.BreakAsync(breakage);
        await visit.Button("Get a new token").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("finx_unavailable");
        await Expect(visit.Connections).ToContainTextAsync("active");
        await visit.RepairAsync(breakage);
        await visit.Button("1 hour").ClickAsync();
        await visit.Button("Get a new token").ClickAsync();

        await Expect(visit.Notice).ToContainTextAsync("A new token, of generation 2.");
        await visit.ExpectGenerationAsync(2);
    }

    [Fact]
    public async Task While_the_vault_is_down_a_new_token_is_served_from_the_claim_and_later_committed()
    {
        await using var visit = await stage.OpenAsync();
        await visit.HaveConnectionAsync();

        await visit.BreakAsync("Key Vault is down");
        await visit.Button("Get a new token").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("A new token, of generation 2.");
        await visit.ExpectGenerationAsync(1);
        await visit.RepairAsync("Key Vault is down");
        await visit.Button("1 hour").ClickAsync();

        await visit.ExpectGenerationAsync(2);
        await Expect(visit.Timeline).ToContainTextAsync("an answer was kept: True");
    }

    [Fact]
    public async Task A_lost_answer_ends_a_connection_where_finX_does_not_forgive()
    {
        await using var visit = await stage.OpenAsync();
        await visit.HaveConnectionAsync();

        await visit.BreakAsync("The next answer is lost");
        await visit.Button("Get a new token").ClickAsync();

        await Expect(visit.Connections).ToContainTextAsync("needs reconsent");
        await Expect(visit.Notice).ToContainTextAsync("ambiguous");
        await Expect(visit.Switch("The next answer is lost")).ToHaveAttributeAsync("aria-checked", "false");
        await Expect(visit.Timeline).ToContainTextAsync("finX (token.refresh) acted, but its answer was lost.");
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_where_finX_forgives()
    {
        await using var visit = await stage.OpenAsync();
        await visit.HaveConnectionAsync();

        await visit.BreakAsync("finX forgives");
        await visit.BreakAsync("The next answer is lost");
        await visit.Button("Get a new token").ClickAsync();

        await Expect(visit.Notice).ToContainTextAsync("A new token, of generation 2.");
        await visit.RepairAsync("finX forgives");
    }

    [Fact]
    public async Task The_timeline_waits_while_it_is_paused()
    {
        await using var visit = await stage.OpenAsync();

        await visit.Button("Pause").ClickAsync();
        var before = await visit.Timeline.InnerTextAsync();
        await visit.BreakAsync("finX forgives");
        await visit.RepairAsync("finX forgives");
        Assert.Equal(before, await visit.Timeline.InnerTextAsync());
        await visit.Button("Pause").ClickAsync();

        await Expect(visit.Timeline.Locator("li").First).ToContainTextAsync("Put right again: finX forgives.");
    }
}
