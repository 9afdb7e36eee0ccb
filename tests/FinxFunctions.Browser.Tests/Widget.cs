namespace FinxFunctions.Browser.Tests;

/// <summary>The sandbox's widget, wherever it is open: in a window, or in a frame of the page.</summary>
internal static class Widget
{
    /// <summary>Through the whole widget, to the end.</summary>
    public static async Task FinishAsync(ILocator body)
    {
        try
        {
            await GoThroughAsync(body);
        }
        catch (TimeoutException stuck)
        {
            throw new TimeoutException($"The widget stays at {body.Page.Url}, which shows: {await body.InnerHTMLAsync()}", stuck);
        }
    }

    public static Task PressAsync(ILocator body, string button) => body.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static async Task GoThroughAsync(ILocator body)
    {
        await body.GetByLabel("Demobank - 90090042").CheckAsync();
        await PressAsync(body, "Next");
        await body.GetByLabel("User name").FillAsync("demo");
        await body.GetByLabel("PIN or password").FillAsync("demo");
        await PressAsync(body, "Next");
        await body.GetByLabel("Girokonto").CheckAsync();
        await PressAsync(body, "Next");
        await PressAsync(body, "Connect accounts");
    }
}
