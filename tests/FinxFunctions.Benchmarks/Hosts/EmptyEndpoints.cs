using System.Globalization;
using FinxFunctions.Benchmarks.Hosts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

[assembly: HostingStartup(typeof(EmptyEndpoints))]

namespace FinxFunctions.Benchmarks.Hosts;

/// <summary>
/// What the functions are compared to, in DevHost's own process: an endpoint that only answers as many bytes, and a proxy that only passes
/// bytes on. They have a branch of their own, whose one cost to the rest is a look at the beginning of the path.
/// </summary>
internal sealed class EmptyEndpoints : IHostingStartup, IStartupFilter
{
    public const string Assembly = "FinxFunctions.Benchmarks";

    /// <summary>Setting that names a file for the log.</summary>
    public const string LogFile = "Bench:LogFile";

    private static readonly HttpClient Client = new();

    private static byte[] _body = [];

    public void Configure(IWebHostBuilder builder)
    {
        builder.ConfigureServices(services => services.AddSingleton<IStartupFilter>(this));
        if (Environment.GetEnvironmentVariable(LogFile.Replace(":", "__", StringComparison.Ordinal)) is { } file)
            builder.ConfigureLogging(logging => logging.AddProvider(new BlockLog(file)));
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Map("/bench", branch => branch.UseRouting().UseEndpoints(Map));
        next(app);
    };

    private static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/connections/{id}/token", (RequestDelegate)Answer);
        endpoints.MapPost("/size/{bytes}", context =>
        {
            _body = new byte[int.Parse((string)context.GetRouteValue("bytes")!, CultureInfo.InvariantCulture)];
            Array.Fill(_body, (byte)' ');
            return Task.CompletedTask;
        });
        endpoints.MapGet("/allocated", context => context.Response.WriteAsync(GC.GetTotalAllocatedBytes(true).ToString(CultureInfo.InvariantCulture)));
        endpoints.MapGet("/proxy/{**path}", Proxy);
    }

    private static Task Answer(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.Body.WriteAsync(_body, 0, _body.Length);
    }

    private static async Task Proxy(HttpContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{context.GetRouteValue("path")}");
        using var answer = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
