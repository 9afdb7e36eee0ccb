using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FinxFunctions.Tests.Chromium;

/// <summary>
/// A caller's site, and the address at which a browser reaches the app. One server with two names, and so two origins: <c>localhost</c> and
/// <c>127.0.0.1</c>.
/// </summary>
internal sealed class HostSite : IAsyncDisposable
{
    /// <summary>Records the messages posted to it, with their origins.</summary>
    private const string Page = """
        <!doctype html><title>host</title><body><script>
        window.heard = [];
        window.addEventListener('message', event => heard.push({ origin: event.origin, data: event.data }));
        </script></body>
        """;

    private readonly WebApplication _web;

    private HostSite(WebApplication web) => _web = web;

    /// <summary>The app under test. It is set later, because the app needs this site's address first.</summary>
    public HttpClient? App { get; set; }

    private int Port => new Uri(_web.Urls.First()).Port;

    public string Origin => $"http://localhost:{Port}";

    /// <summary>The same site under its other name.</summary>
    public string OtherOrigin => $"http://127.0.0.1:{Port}";

    public static async Task<HostSite> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var web = builder.Build();
        var site = new HostSite(web);
        web.Urls.Add("http://127.0.0.1:0");
        web.MapGet("/api/callback", site.PassAsync);
        web.MapGet("/{**any}", () => Results.Content(Page, "text/html"));
        await web.StartAsync(cancellationToken);
        return site;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task PassAsync(HttpContext context)
    {
        using var answer = await App!.GetAsync($"{context.Request.Path}{context.Request.QueryString}", context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Content-Length")))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        if (answer.StatusCode is not HttpStatusCode.SeeOther)
        {
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
