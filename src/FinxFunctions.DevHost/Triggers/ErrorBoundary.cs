using FinxFunctions.Http;

namespace FinxFunctions.DevHost.Triggers;

/// <summary>Answers an exception with problem details, as the worker's middleware does.</summary>
public static class ErrorBoundary
{
    public static RequestDelegate Around(RequestDelegate call) => async context =>
    {
        try
        {
            await call(context);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client has disconnected. This is not an error, and there is nothing to answer.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await Problems.From(exception, context).ExecuteAsync(context);
        }
    };
}
