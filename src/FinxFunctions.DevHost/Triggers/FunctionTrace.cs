using System.Diagnostics;

namespace FinxFunctions.DevHost.Triggers;

/// <summary>Tells of a request's trace which function it called, as the Functions host does. ASP.NET Core says nothing of it, and the query is nobody's business.</summary>
public static class FunctionTrace
{
    public const string SourceName = "Microsoft.AspNetCore";
    private const string Function = "faas.invoked_name";

    public static bool IsOf(Activity request) => request.GetTagItem(Function) is not null;

    public static RequestDelegate Around(string function, string route, RequestDelegate call) => async context =>
    {
        if (Activity.Current is not { Source.Name: SourceName } request)
        {
            await call(context);
            return;
        }

        request.DisplayName = $"{context.Request.Method} {route}";
        request.SetTag(Function, function).SetTag("http.request.method", context.Request.Method).SetTag("http.route", route);
        await call(context);
        request.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            request.SetStatus(ActivityStatusCode.Error);
    };
}
