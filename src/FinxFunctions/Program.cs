using FinxFunctions.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;

var builder = FunctionsApplication.CreateBuilder(args);

builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<ErrorBoundary>();
builder.AddTelemetry();
builder.Services.AddFinx(builder.Configuration);

// The functions bound what they read. A second limit here would cut the connection, and the caller would see a 500 instead of their 413.
builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);

// At Information the worker's web server logs every URL, with the function keys and authorization codes in it.
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
builder.Logging.AddFilter("Polly", LogLevel.None);

builder.Build().Run();

/// <summary>Not public: DevHost, which references this project, has a Program of its own.</summary>
internal sealed partial class Program;
