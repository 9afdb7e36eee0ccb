namespace FinxFunctions.Browser.Tests;

/// <summary>Troubles that pass by themselves. They take long, so these tests have a DevHost of their own and run beside the others.</summary>
public sealed class SilenceTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [ChromiumTheory]
    [InlineData("Key Vault is down")]
    [InlineData("Key Vault is silent for a minute")]
    public async Task While_the_vault_cannot_be_read_no_connection_ends(string breakage)
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.BreakAsync(breakage);
        await session.Button("Get a new token").ClickAsync();

        // Where the pair is in memory, it is redeemed all the same.
        await Expect(session.Notice).ToContainTextAsync(new System.Text.RegularExpressions.Regex("vault_unavailable|busy|A new token"));
        await session.Button("1 hour").ClickAsync();
        if (breakage is "Key Vault is down")
            await session.RepairAsync(breakage);
        await Expect(session.Switch(breakage)).ToHaveAttributeAsync("aria-checked", "false");
        await session.Button("Get a new token").ClickAsync();

        await Expect(session.Notice).ToContainTextAsync("A new token");
        await Expect(session.Connections).ToContainTextAsync("active");
    }

    [ChromiumTheory]
    [InlineData("finX is silent for 30 seconds")]
    [InlineData("finX refuses every token for a minute")]
    public async Task A_trouble_of_finX_that_passes_ends_no_connection(string breakage)
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.BreakAsync(breakage);
        await session.Button("Get a new token").ClickAsync();
        await Expect(session.Notice).ToContainTextAsync(new System.Text.RegularExpressions.Regex("finx_unavailable|busy"));
        await Expect(session.Connections).ToContainTextAsync("active");
        await session.Button("1 hour").ClickAsync();

        await Expect(session.Switch(breakage)).ToHaveAttributeAsync("aria-checked", "false");
        await session.Button("Get a new token").ClickAsync();

        await session.ExpectGenerationAsync(2);
        await Expect(session.Connections).ToContainTextAsync("active");
    }

    [ChromiumFact]
    public async Task An_answer_that_comes_after_the_app_s_time_out_counts()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.BreakAsync("The next answer comes 35 seconds late");
        await session.Button("Get a new token").ClickAsync();
        await Expect(session.Notice).ToContainTextAsync(new System.Text.RegularExpressions.Regex("finx_unavailable|busy"));

        await session.ExpectGenerationAsync(2);
        await Expect(session.Connections).ToContainTextAsync("active");
    }
}
