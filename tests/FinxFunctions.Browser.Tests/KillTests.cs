namespace FinxFunctions.Browser.Tests;

/// <summary>Another instance of the app, a process of its own, is killed in the middle of a rotation. The page and the sandbox continue.</summary>
[Collection(SharedPage.Name)]
public sealed class KillTests(BrowserFixture browser)
{
    [ChromiumFact]
    public async Task A_process_killed_after_the_answer_was_persisted_loses_nothing()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.Button("Kill it after finX's answer was persisted").ClickAsync();
        await Expect(session.Notice).ToContainTextAsync("was killed (SIGKILL) after finX's answer was persisted.");
        await session.ExpectGenerationAsync(1);
        await session.Button("1 hour").ClickAsync();

        await session.ExpectGenerationAsync(2);
        await Expect(session.Connections).ToContainTextAsync("active");
        await Expect(session.Timeline).ToContainTextAsync("an answer was persisted: True");
    }

    [ChromiumFact]
    public async Task A_process_killed_before_the_answer_was_persisted_costs_the_user_a_return_to_the_bank_where_finX_does_not_forgive()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.Button("Kill it before finX's answer was persisted").ClickAsync();
        await Expect(session.Notice).ToContainTextAsync("was killed (SIGKILL) before finX's answer was persisted.");
        await Expect(session.Connections).ToContainTextAsync("active");
        await session.Button("1 hour").ClickAsync();
        await Expect(session.Timeline).ToContainTextAsync("finX refused the presented token.");
        await session.LetHoursPassUntilAsync("needs reconsent");

        await Expect(session.Timeline).ToContainTextAsync("an answer was persisted: False");
    }

    [ChromiumFact]
    public async Task A_process_that_does_not_come_so_far_is_said_to_live()
    {
        await using var session = await browser.OpenAsync();
        await session.HaveConnectionAsync();

        await session.BreakAsync("finX is down");
        await session.Button("Kill it after finX's answer was persisted").ClickAsync();

        await Expect(session.Notice).ToContainTextAsync("answered 503 and did not reach the moment at which it was to be killed.");
    }
}
