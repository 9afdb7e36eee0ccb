using System.Diagnostics;
using FinxFunctions.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FinxFunctions.Hosting;

/// <summary>
/// Answers an exception of an HTTP function with problem details. The worker itself would answer with an empty 500.
/// An exception of a timer is not caught, so that the host records a failed run.
/// </summary>
/// <remarks>
/// It also writes the result, which the worker does only after all middleware. So an exception during the write is caught too.
/// And the worker does not send the result to the host as the function's return value: it would send it as JSON,
/// with the access token in it.
/// </remarks>
public sealed class ErrorBoundary : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        using var trace = Activity.Current is null ? TraceOf(context) : null;
        try
        {
            await next(context);
            await AnswerAsync(context, http);
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            context.GetInvocationResult().Value = IsCancellation(exception, context, http)
                ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
                : Problems.From(exception, http);
            await AnswerAsync(context, http);
        }
        catch (Exception exception)
        {
            // The answer has begun, so there can be no problem details. The connection is cut, so that the client does not take a part for the whole.
            http.Abort();
            if (!IsCancellation(exception, context, http))
            {
                throw;
            }
        }
    }

    /// <summary>The host's trace, where the worker has none because it exports no telemetry: problems and audit records name its id.</summary>
    private static Activity TraceOf(FunctionContext context)
    {
        var trace = new Activity("function");
        return (context.TraceContext.TraceParent is { Length: > 0 } parent ? trace.SetParentId(parent) : trace).Start();
    }

    private static async Task AnswerAsync(FunctionContext context, HttpContext http)
    {
        var result = context.GetInvocationResult();
        if (result.Value is IResult answer)
        {
            result.Value = Results.Empty;
            await answer.ExecuteAsync(http);
        }
    }

    // Not an error: the caller has disconnected, or the host is stopping and the caller may try again. The host cancels the
    // function's token when its client disconnects. The worker's own web server may not notice that.
    private static bool IsCancellation(Exception exception, FunctionContext context, HttpContext http) =>
        exception is OperationCanceledException or IOException
        && (context.CancellationToken.IsCancellationRequested || http.RequestAborted.IsCancellationRequested);
}
