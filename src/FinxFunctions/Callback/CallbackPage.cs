using System.Globalization;
using System.Net;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using FinxFunctions.State;

namespace FinxFunctions.Callback;

/// <summary>The browser's answer. Its address holds a code and a state: it is not kept, not passed on as a referrer, and no page repeats it.</summary>
public sealed class CallbackPage(CallbackOutcome outcome) : IResult
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    /// <summary>Hands the outcome to the window that opened this one, and to no other origin; goes on by itself where there is none.</summary>
    private const string PostScript = """
        const { origin, mode, location: next, ...outcome } = document.body.dataset;
        const target = mode === 'popup' ? window.opener : window.parent === window ? null : window.parent;
        if (target) {
          const snake = Object.fromEntries(Object.entries(outcome).map(([name, value]) => [name.replace(/[A-Z]/g, c => '_' + c.toLowerCase()), value]));
          target.postMessage({ type: 'finx_callback', ...snake }, origin);
          if (mode === 'popup') window.close();
        } else {
          window.location.replace(next);
        }
        """;

    private static readonly string PostScriptHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(PostScript)));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        switch (outcome)
        {
            case CallbackOutcome.Finished { Mode: LinkMode.Redirect } onward:
                Protect(response, script: null, ancestor: null);
                response.StatusCode = StatusCodes.Status303SeeOther;
                response.Headers.Location = onward.Location.AbsoluteUri;
                return Task.CompletedTask;
            case CallbackOutcome.Finished onward:
                Protect(response, PostScriptHash, onward.Mode is LinkMode.Iframe ? onward.Origin : null);
                return PageAsync(response, StatusCodes.Status200OK, "Done", PostPage(onward));
            case CallbackOutcome.Unfinished { FrameAncestor: var framer }:
                Protect(response, script: null, framer);
                var seconds = AskAgain.TotalSeconds.ToString(CultureInfo.InvariantCulture);
                response.Headers.RetryAfter = seconds;
                response.Headers["Refresh"] = seconds;
                return PageAsync(response, StatusCodes.Status503ServiceUnavailable, "One moment", """
                    <body><main><h1>One moment, please</h1><p>Your bank connection is being set up. This page continues by itself.</p></main></body>
                    """);
            default:
                Protect(response, script: null, ancestor: null);
                return PageAsync(response, StatusCodes.Status400BadRequest, "Link not valid", """
                    <body><main><h1>This link is no longer valid</h1><p>Please go back to the application you came from and start again. Nothing was changed.</p></main></body>
                    """);
        }
    }

    private static string PostPage(CallbackOutcome.Finished onward)
    {
        var data = string.Concat(onward.Outcome.Select(pair => $" data-{pair.Key.Replace('_', '-')}=\"{Encode(pair.Value)}\""));
        return $"""
            <body data-mode="{(onward.Mode is LinkMode.Popup ? "popup" : "iframe")}" data-origin="{Encode(onward.Origin!)}" data-location="{Encode(onward.Location.AbsoluteUri)}"{data}>
            <main><p><a href="{Encode(onward.Location.AbsoluteUri)}">Continue</a></p></main>
            <script>{PostScript}</script>
            </body>
            """;
    }

    private static void Protect(HttpResponse response, string? script, string? ancestor) => response.Headers.ContentSecurityPolicy =
        $"default-src 'none'; base-uri 'none'; form-action 'none'; script-src {(script is null ? "'none'" : $"'sha256-{script}'")}; frame-ancestors {ancestor ?? "'none'"}";

    private static Task PageAsync(HttpResponse response, int status, string title, string body)
    {
        response.StatusCode = status;
        response.ContentType = $"{MediaTypeNames.Text.Html}; charset=utf-8";
        return response.WriteAsync($"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
            {body}
            </html>
            """);
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
