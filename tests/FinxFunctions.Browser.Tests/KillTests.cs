namespace FinxFunctions.Browser.Tests;

/// <summary>Another instance of the app, a process of its own, is killed in the middle of a rotation; the page and the sandbox go on.</summary>
public sealed class KillTests(BrowserFixture scenario)
{
    [Fact]
    public async Task A_process_killed_after_the_answer_was_kept_loses_nothing()
    {
        await using var reconciler = await scenario.OpenAsync();
        await reconciler.HaveConnectionAsync();

        await reconciler.Button("Kill it after finX's answer was persisted").ClickAsync();
        await Expect(reconciler.Notice).ToContainTextAsync("was killed (SIGKILL) after finX's answer was persisted.");
        await reconciler.ExpectGenerationAsync(1);
        await reconciler.Button("1 hour").ClickAsync();

        await reconciler.ExpectGenerationAsync(2);
        await Expect(reconciler.Connections).ToContainTextAsync("active");
        await Expect(reconciler.Timeline).ToContainTextAsync("an answer was kept: True");
    }

    [Fact]
    public async Task A_process_killed_before_the_answer_was_kept_costs_the_user_a_return_to_the_bank_where_finX_does_not_forgive()
    {
        await using var reconciler = await scenario.OpenAsync();
        await reconciler.HaveConnectionAsync();

        await reconciler.Button("Kill it before finX's answer was persisted").ClickAsync();
        await Expect(reconciler.Notice).ToContainTextAsync("was killed (SIGKILL) before finX's answer was persisted.");
        await Expect(reconciler.Connections).ToContainTextAsync("active");
        await reconciler.Button("1 hour").ClickAsync();

        await Expect(reconciler.Connections).ToContainTextAsync("needs reconsent");
        await Expect(reconciler.Timeline).ToContainTextAsync("an answer was kept: False");
    }

    [Fact]
    public async Task A_process_that_does_not_come_so_far_is_said_to_live()
    {
        await using var reconciler = await scenario.OpenAsync();
        await reconciler.HaveConnectionAsync();

        await reconciler.BreakAsync("finX is down");
        await reconciler.Button("Kill it after finX's answer was persisted").ClickAsync();

        await Expect(reconciler.Notice).ToContainTextAsync("answered 503 and did not reach the moment at which it was to be killed.");
    }
}
