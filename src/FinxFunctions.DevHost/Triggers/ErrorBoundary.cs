using Finx.Hosting;

namespace FinxFunctions.DevHost.Triggers;

/// <summary>What the worker app's middleware does: an exception becomes problem details.</summary>
internal static class ErrorBoundary
{
    public static RequestDelegate Around(RequestDelegate call) => async context =>
    {
        try
        {
            await call(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; nobody is left to tell, and nothing is wrong here.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await Problems.From(exception, context).ExecuteAsync(context);
        }
    };
}
