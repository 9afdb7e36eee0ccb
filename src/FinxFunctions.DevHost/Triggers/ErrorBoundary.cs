using FinxFunctions.Http;

namespace FinxFunctions.DevHost.Triggers;

/// <summary>What the worker app's middleware does: an exception becomes problem details.</summary>
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
            // The client has gone. Nobody is left to tell, and nothing is wrong here.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await Problems.From(exception, context).ExecuteAsync(context);
        }
    };
}
