using FinxFunctions.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace FinxFunctions.Hosting;

/// <summary>
/// Answers what an HTTP function threw with problem details, which the worker would answer with an empty 500.
/// A timer's exception passes, for the host to record as a failed run.
/// </summary>
/// <remarks>
/// It also writes the result, which the worker does only after all middleware. So failing to write is caught too, and
/// the worker is left nothing to send the host as the function's return value: it would send the result as JSON,
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
            // Too late for a problem: cut the answer off, lest it passes for a whole one.
            http.Abort();
            if (!IsCancellation(exception, context, http))
            {
                throw;
            }
        }
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

    // No error: the caller has gone, or the host is shutting down and the caller may ask again. The host cancels the
    // function's token when its client goes; the worker's own web server need not have noticed.
    private static bool IsCancellation(Exception exception, FunctionContext context, HttpContext http) =>
        exception is OperationCanceledException or IOException
        && (context.CancellationToken.IsCancellationRequested || http.RequestAborted.IsCancellationRequested);
}
