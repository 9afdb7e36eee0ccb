namespace FinxFunctions.Browser.Tests;

[Collection(SharedPage.Name)]
public sealed class ConnectTests(BrowserFixture browser)
{
    [ChromiumFact]
    public async Task A_user_connects_a_bank_and_sees_its_accounts_and_the_lives_of_its_tokens()
    {
        await using var session = await browser.OpenAsync();

        await session.Button("Connect").ClickAsync();
        await Widget.FinishAsync(session.Page.Locator("body"));

        await Expect(session.Notice).ToContainTextAsync("The bank is connected.");
        await session.ExpectGenerationAsync(1);
        await Expect(session.Connections).ToContainTextAsync("active");
        await Expect(session.Page.Locator("#detail")).ToContainTextAsync("Girokonto");
        var refreshToken = session.Page.GetByRole(AriaRole.Meter, new() { Name = "Refresh token" });
        await Expect(refreshToken).ToHaveAttributeAsync("aria-valuetext", new System.Text.RegularExpressions.Regex("^0 % of 90 days gone, 90 days left, rotation in (3[6-9]|4[0-5]) days$"));
        await Expect(session.Timeline).ToContainTextAsync("Persist: finX's answer is encrypted and written to Table Storage");
        Assert.DoesNotContain("state=", session.Page.Url, StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task A_user_who_cancels_comes_back_to_be_told_so()
    {
        await using var session = await browser.OpenAsync();

        await session.Button("Connect").ClickAsync();
        await Widget.PressAsync(session.Page.Locator("body"), "Cancel");

        await Expect(session.Notice).ToContainTextAsync("You left the widget before the bank was connected.");
        await Expect(session.Connections).ToContainTextAsync("pending");
    }

    [ChromiumFact]
    public async Task A_user_whose_bank_fails_comes_back_to_be_told_so()
    {
        await using var session = await browser.OpenAsync();

        await session.Button("Connect").ClickAsync();
        await Widget.PressAsync(session.Page.Locator("body"), "Make it fail");

        await Expect(session.Notice).ToContainTextAsync("The bank could not be connected.");
        await Expect(session.Notice).ToContainTextAsync("widget_failed");
    }

    [ChromiumFact]
    public async Task A_popup_hands_its_outcome_to_the_page_and_closes()
    {
        await using var session = await browser.OpenAsync();

        await session.ChooseAsync("in a popup");
        var popup = await session.Page.RunAndWaitForPopupAsync(() => session.Button("Connect").ClickAsync());
        var closed = new TaskCompletionSource();
        popup.Close += (_, _) => closed.TrySetResult();
        await Widget.FinishAsync(popup.Locator("body"));

        await Expect(session.Notice).ToContainTextAsync("The bank is connected.");
        await session.ExpectGenerationAsync(1);
        await closed.Task.WaitAsync(TimeSpan.FromMilliseconds(BrowserFixture.HangLimit), TestContext.Current.CancellationToken);
    }

    [ChromiumTheory]
    [InlineData(2000)]
    [InlineData(null)]
    public async Task A_popup_that_is_seen_closed_before_its_outcome_arrives_is_not_taken_for_a_user_who_left(int? delay)
    {
        await using var session = await browser.OpenAsync();
        await session.Page.EvaluateAsync(
            """
            delay => addEventListener('message', event => {
              if (!event.isTrusted)
                return;
              event.stopImmediatePropagation();
              if (delay !== null)
                setTimeout(() => dispatchEvent(new MessageEvent('message', { data: event.data })), delay);
            }, { capture: true })
            """, delay);

        await session.ChooseAsync("in a popup");
        var popup = await session.Page.RunAndWaitForPopupAsync(() => session.Button("Connect").ClickAsync());
        await Widget.FinishAsync(popup.Locator("body"));

        await Expect(session.Notice).ToContainTextAsync("The bank is connected.");
        await Expect(session.Page.Locator("#detail")).ToContainTextAsync("Girokonto");
    }

    [ChromiumFact]
    public async Task A_popup_that_is_closed_is_taken_for_a_user_who_left()
    {
        await using var session = await browser.OpenAsync();

        await session.ChooseAsync("in a popup");
        var popup = await session.Page.RunAndWaitForPopupAsync(() => session.Button("Connect").ClickAsync());
        await Expect(popup.Locator("h1")).ToHaveTextAsync("Choose your bank");
        await popup.CloseAsync();

        await Expect(session.Notice).ToContainTextAsync("You closed the widget before the bank was connected.");
    }

    [ChromiumFact]
    public async Task A_frame_hands_its_outcome_to_the_page_and_goes()
    {
        await using var session = await browser.OpenAsync();

        await session.ChooseAsync("in a frame");
        await session.Button("Connect").ClickAsync();
        await Widget.FinishAsync(session.Page.FrameLocator("#widget iframe").Locator("body"));

        await Expect(session.Notice).ToContainTextAsync("The bank is connected.");
        await Expect(session.Page.Locator("#widget")).ToBeHiddenAsync();
        await session.ExpectGenerationAsync(1);
    }

    [ChromiumFact]
    public async Task A_user_needs_no_mouse()
    {
        await using var session = await browser.OpenAsync();
        var page = session.Page;

        await TabToAsync(session.Button("Connect"));
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page.GetByRole(AriaRole.Radio).First);
        await page.Keyboard.PressAsync("ArrowDown");
        await TabToAsync(page.GetByRole(AriaRole.Button, new() { Name = "Next" }));
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page.GetByLabel("User name"));
        await page.Keyboard.TypeAsync("demo");
        await TabToAsync(page.GetByLabel("PIN or password"));
        await page.Keyboard.TypeAsync("demo");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page.GetByRole(AriaRole.Checkbox, new() { Name = "Girokonto" }));
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page.GetByRole(AriaRole.Button, new() { Name = "Connect accounts" }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(session.Notice).ToContainTextAsync("The bank is connected.");
        await TabToAsync(session.Switch("finX is down"));
        await page.Keyboard.PressAsync("Space");
        await Expect(session.Switch("finX is down")).ToHaveAttributeAsync("aria-checked", "true");
        await page.Keyboard.PressAsync("Space");
        await Expect(session.Switch("finX is down")).ToHaveAttributeAsync("aria-checked", "false");
    }

    private static async Task TabToAsync(ILocator target)
    {
        await Expect(target).ToBeVisibleAsync();
        for (var tabs = 0; tabs < 60; tabs++)
        {
            if (await HasFocusAsync(target))
                return;
            await target.Page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"The Tab key does not lead to {target}.");
    }

    /// <summary>A page that is just being replaced has no focus.</summary>
    private static async Task<bool> HasFocusAsync(ILocator target)
    {
        try
        {
            return await target.EvaluateAsync<bool>("element => element === document.activeElement");
        }
        catch (PlaywrightException exception) when (exception.Message.Contains("Execution context was destroyed", StringComparison.Ordinal))
        {
            return false;
        }
    }
}
