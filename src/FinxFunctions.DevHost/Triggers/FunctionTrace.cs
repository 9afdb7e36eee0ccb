using System.Diagnostics;

namespace FinxFunctions.DevHost.Triggers;

/// <summary>Adds the called function to a request's trace, as the Functions host does. The query is left out, because it may hold a key or a code.</summary>
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
