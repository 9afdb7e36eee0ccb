using System.Net;
using System.Text.RegularExpressions;

namespace FinxSandbox.Tests;

/// <summary>A browser without scripts that fills in the widget's forms.</summary>
internal sealed partial class WidgetWalk(Client client, string location)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public string Page { get; private set; } = "";

    public HttpStatusCode Status { get; private set; }

    /// <summary>Where the widget has sent the user.</summary>
    public Uri? Left { get; private set; }

    public string Heading => WebUtility.HtmlDecode(HeadingPattern().Match(Page).Groups[1].Value);

    public static async Task<WidgetWalk> OpenAsync(Client client, string location)
    {
        var walk = new WidgetWalk(client, location);
        await walk.TakeAsync(await client.Http.GetAsync(location, Cancel));
        return walk;
    }

    /// <summary>Presses a button with these fields filled in, besides those that the page has checked itself.</summary>
    public async Task PressAsync(string action, params (string Name, string Value)[] fields)
    {
        var checkedAlready = CheckedPattern().Matches(Page).Select(match => (Name: match.Groups[1].Value, Value: match.Groups[2].Value));
        var form = checkedAlready.Concat(fields).Distinct().Append(("action", action)).Select(field => KeyValuePair.Create(field.Item1, field.Item2));
        var target = new Uri(new Uri(location), WebUtility.HtmlDecode(ActionPattern().Match(Page).Groups[1].Value));
        await TakeAsync(await client.Http.PostAsync(target, new FormUrlEncodedContent(form), Cancel));
    }

    /// <summary>The value of the option whose text contains <paramref name="text"/>.</summary>
    public string Option(string text) =>
        OptionPattern().Matches(Page).First(match => WebUtility.HtmlDecode(match.Groups[2].Value).Contains(text, StringComparison.Ordinal)).Groups[1].Value;

    private async Task TakeAsync(HttpResponseMessage response)
    {
        if (response.StatusCode is HttpStatusCode.SeeOther)
        {
            var target = new Uri(new Uri(location), response.Headers.Location!);
            if (target.Authority != new Uri(location).Authority)
            {
                Left = target;
                return;
            }

            response = await client.Http.GetAsync(target, Cancel);
        }

        Status = response.StatusCode;
        Page = await response.Content.ReadAsStringAsync(Cancel);
    }

    [GeneratedRegex("<h1>(.*?)</h1>")]
    private static partial Regex HeadingPattern();

    [GeneratedRegex("<form method=\"post\" action=\"(.*?)\"")]
    private static partial Regex ActionPattern();

    [GeneratedRegex("name=\"(\\w+)\" value=\"([^\"]*)\" checked")]
    private static partial Regex CheckedPattern();

    [GeneratedRegex("value=\"([^\"]*)\"[^>]*><span>(.*?)</span>")]
    private static partial Regex OptionPattern();
}
