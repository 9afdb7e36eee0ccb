namespace FinxFunctions.Browser.Tests;

/// <summary>Another instance of the app, a process of its own, is killed in the middle of a rotation; the page and the sandbox go on.</summary>
public sealed class KillTests(Stage stage)
{
    [Fact]
    public async Task A_process_killed_after_the_answer_was_kept_loses_nothing()
    {
        await using var visit = await stage.OpenAsync();
        await visit.HaveConnectionAsync();

        await visit.Button("Kill it after finX's answer was kept").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("was killed (SIGKILL) after finX's answer was kept.");
        await visit.ExpectGenerationAsync(1);
        await visit.Button("1 hour").ClickAsync();

        await visit.ExpectGenerationAsync(2);
        await Expect(visit.Connections).ToContainTextAsync("active");
        await Expect(visit.Timeline).ToContainTextAsync("an answer was kept: True");
    }

    [Fact]
    public async Task A_process_killed_before_the_answer_was_kept_costs_the_user_a_return_to_the_bank_where_finX_does_not_forgive()
    {
        await using var visit = await stage.OpenAsync();
        await visit.HaveConnectionAsync();

        await visit.Button("Kill it before finX's answer was kept").ClickAsync();
        await Expect(visit.Notice).ToContainTextAsync("was killed (SIGKILL) before finX's answer was kept.");
        await Expect(visit.Connections).ToContainTextAsync("active");
        await visit.Button("1 hour").ClickAsync();

        await Expect(visit.Connections).ToContainTextAsync("needs reconsent");
        await Expect(visit.Timeline).ToContainTextAsync("an answer was kept: False");
    }

    [Fact]
    public async Task A_process_that_does_not_come_so_far_is_said_to_live()
    {
        await using var visit = await stage.OpenAsync();
        await visit.HaveConnectionAsync();

        await visit.BreakAsync("finX is down");
        await visit.Button("Kill it after finX's answer was kept").ClickAsync();

        await Expect(visit.Notice).ToContainTextAsync("answered 503 and did not come to the moment at which it was to die.");
    }
}
