using System.Net.Mime;
using Microsoft.AspNetCore.Http;

namespace Finx.Callback;

/// <summary>The browser's answer. Its address holds a code and a state: it is not kept, not passed on as a referrer, and no page repeats it.</summary>
public sealed class CallbackResult(CallbackOutcome outcome) : IResult
{
    private const string UnknownPage = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Link not valid</title></head>
        <body><main><h1>This link is no longer valid</h1><p>Please go back to the application you came from and start again. Nothing was changed.</p></main></body>
        </html>
        """;

    private const string UnfinishedPage = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>One moment</title></head>
        <body><main><h1>One moment, please</h1><p>Your bank connection is being set up. This page continues by itself.</p></main></body>
        </html>
        """;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        switch (outcome)
        {
            case CallbackOutcome.Redirect redirect:
                response.StatusCode = StatusCodes.Status303SeeOther;
                response.Headers.Location = redirect.Location.AbsoluteUri;
                return Task.CompletedTask;
            case CallbackOutcome.Unfinished:
                response.Headers.RetryAfter = "2";
                response.Headers["Refresh"] = "2";
                return PageAsync(response, StatusCodes.Status503ServiceUnavailable, UnfinishedPage);
            default:
                return PageAsync(response, StatusCodes.Status400BadRequest, UnknownPage);
        }
    }

    private static Task PageAsync(HttpResponse response, int status, string page)
    {
        response.StatusCode = status;
        response.ContentType = $"{MediaTypeNames.Text.Html}; charset=utf-8";
        return response.WriteAsync(page);
    }
}
