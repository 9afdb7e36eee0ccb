using FunctionsHost.Functions;
using FunctionsHost.Workers;

namespace FunctionsHost.Http;

/// <summary>Every request to the host comes here first.</summary>
internal sealed class RequestDispatcher(FunctionRoutes routes, Keys keys, HttpInvoker invoker, HttpThrottle throttle, AdminApi admin, Func<HostState> state, Transcript log)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path == "/")
            await context.Response.WriteAsync("The functions are running.");
        else if (context.Request.Path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase))
            await admin.AnswerAsync(context);
        else if (state() is not HostState.Running and not HostState.Draining)
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        else if (await routes.FindAsync(context) is not var (function, values))
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        else if (keys.LevelOf(context.Request) < function.Access)
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else if (!await throttle.RunAsync(() => InvokeAsync(context, function, values), context.RequestAborted))
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
    }

    private async Task InvokeAsync(HttpContext context, HostFunction function, RouteValueDictionary values)
    {
        try
        {
            await invoker.InvokeAsync(context, function, values);
        }
        catch (Exception exception) when (exception is HttpFunctionException or WorkerGoneException or BadHttpRequestException or OperationCanceledException)
        {
            log.Add($"Error: {function.Name} failed: {exception.Message}");
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            else
                context.Abort();
        }
    }
}
