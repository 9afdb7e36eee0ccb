using System.Net;
using System.Text.RegularExpressions;

namespace FinxFunctions.Worker.Tests.Running;

/// <summary>A user in the sandbox's widget: reads its pages, fills in their forms and presses their buttons, as a browser without scripts does.</summary>
internal sealed partial class WidgetWalk(HttpClient http)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Chooses the demo bank, logs in, takes all its accounts and confirms.</summary>
    /// <returns>Where the widget sends the user.</returns>
    public async Task<Uri> ConnectAsync(Uri widget)
    {
        var page = await OpenAsync(widget);
        page = await GoOnAsync(page, ("bank", page.ValueOf("Demobank - 90090042")));
        page = await GoOnAsync(page, ("user", "demo"), ("password", "demo"));
        page = await GoOnAsync(page, [.. page.Values("account").Select(value => ("account", value))]);
        return await LeaveAsync(page);
    }

    private async Task<Page> OpenAsync(Uri address)
    {
        using var answer = await http.GetAsync(address, Cancel);
        var html = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, html);
        return new(address, html);
    }

    private async Task<Page> GoOnAsync(Page page, params (string Name, string Value)[] fields) => await OpenAsync(await LeaveAsync(page, fields));

    private async Task<Uri> LeaveAsync(Page page, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Append(("action", "next")).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        using var answer = await http.PostAsync(page.Target, form, Cancel);
        Assert.True(answer.StatusCode is HttpStatusCode.SeeOther, await answer.Content.ReadAsStringAsync(Cancel));
        return new(page.Address, answer.Headers.Location!);
    }

    private sealed partial record Page(Uri Address, string Html)
    {
        /// <summary>Where the page's form goes.</summary>
        public Uri Target => new(Address, WebUtility.HtmlDecode(Form().Match(Html).Groups["to"].Value));

        /// <summary>The values that the choices of a name send.</summary>
        public IEnumerable<string> Values(string name) => Choice().Matches(Html).Where(choice => choice.Groups["name"].Value == name).Select(choice => choice.Groups["value"].Value);

        /// <summary>The value of the choice with a text.</summary>
        public string ValueOf(string text) => Choice().Matches(Html).Single(choice => choice.Groups["text"].Value == text).Groups["value"].Value;

        [GeneratedRegex("""<form method="post" action="(?<to>[^"]+)">""")]
        private static partial Regex Form();

        [GeneratedRegex("""<(?:input|button)[^>]*? name="(?<name>[^"]+)" value="(?<value>[^"]*)"[^>]*>(?:<span>)?(?<text>[^<]*)""")]
        private static partial Regex Choice();
    }
}
