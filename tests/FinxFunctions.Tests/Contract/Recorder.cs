using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace FinxFunctions.Tests.Contract;

/// <summary>Middleware that compares every exchange with the document. It neither delays nor changes an answer.</summary>
internal sealed class Recorder : IStartupFilter
{
    private readonly ConcurrentQueue<string> _violations = [];

    /// <summary>Fails if an exchange so far differs from the document.</summary>
    public void AssertDocumented() => Assert.Empty(_violations);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(RecordAsync);
        next(app);
    };

    private async Task RecordAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments("/api"))
        {
            await next(context);
            return;
        }

        var (request, response) = (new Tee(context.Request.Body), new Tee(context.Response.Body));
        (context.Request.Body, context.Response.Body) = (request, response);
        await next(context);
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (ContractDocument.Find(context.GetEndpoint()?.DisplayName) is not { } operation)
        {
            if (context.Response.StatusCode is not 404)
            {
                _violations.Enqueue($"{context.Request.Method} {context.Request.Path} is not documented, and answered {context.Response.StatusCode}");
            }

            return;
        }

        var (violations, seen) = new Exchange(context, operation, request.Passed, response.Passed).Check();
        foreach (var violation in violations)
        {
            _violations.Enqueue(violation);
        }

        Coverage.See(seen);
    }
}
