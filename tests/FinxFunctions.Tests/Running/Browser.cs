using System.Net;
using System.Text.RegularExpressions;

namespace FinxFunctions.Tests.Running;

/// <summary>A user in the widget: reads its pages, fills in their forms and presses their buttons, as a browser without scripts does.</summary>
public sealed partial class Browser : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromMinutes(5) };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Chooses a bank, logs in with its test credentials, takes all its accounts and confirms.</summary>
    /// <returns>Where the widget sends the user.</returns>
    public async Task<Uri> ConnectAsync(Uri widget, string bank = "Demobank - 90090042", string user = "demo", string password = "demo")
    {
        var page = await OpenAsync(widget);
        page = await GoOnAsync(page, "next", ("bank", page.ValueOf(bank)));
        page = await GoOnAsync(page, "next", ("user", user), ("password", password));
        page = await GoOnAsync(page, "next", [.. page.Values("account").Select(value => ("account", value))]);
        return await LeaveAsync(page, "next");
    }

    public async Task<Uri> CancelAsync(Uri widget) => await LeaveAsync(await OpenAsync(widget), "cancel");

    public async Task<Uri> FailAsync(Uri widget) => await LeaveAsync(await OpenAsync(widget), "fail");

    public void Dispose() => _http.Dispose();

    private async Task<Page> OpenAsync(Uri address)
    {
        using var response = await _http.GetAsync(address, Cancel);
        var html = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, html);
        return new Page(address, html);
    }

    private async Task<Page> GoOnAsync(Page page, string button, params (string Name, string Value)[] fields) => await OpenAsync(await LeaveAsync(page, button, fields));

    private async Task<Uri> LeaveAsync(Page page, string button, params (string Name, string Value)[] fields)
    {
        Assert.Contains(button, page.Values("action"));
        using var form = new FormUrlEncodedContent(fields.Append(("action", button)).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        using var response = await _http.PostAsync(page.Target, form, Cancel);
        Assert.True(response.StatusCode is HttpStatusCode.SeeOther, await response.Content.ReadAsStringAsync(Cancel));
        return new Uri(page.Address, response.Headers.Location!);
    }

    private sealed partial record Page(Uri Address, string Html)
    {
        /// <summary>Where the page's form goes.</summary>
        public Uri Target => new(Address, Form().Match(Html).Groups["to"].Value);

        /// <summary>The values that the choices, or buttons, of a name send.</summary>
        public IEnumerable<string> Values(string name) => Choice().Matches(Html).Where(choice => choice.Groups["name"].Value == name).Select(choice => choice.Groups["value"].Value);

        /// <summary>The value of the choice with a text.</summary>
        public string ValueOf(string text) => Choice().Matches(Html).Single(choice => choice.Groups["text"].Value == text).Groups["value"].Value;

        [GeneratedRegex("""<form method="post" action="(?<to>[^"]+)">""")]
        private static partial Regex Form();

        [GeneratedRegex("""<(?:input|button)[^>]*? name="(?<name>[^"]+)" value="(?<value>[^"]*)"[^>]*>(?:<span>)?(?<text>[^<]*)""")]
        private static partial Regex Choice();
    }
}
