using Finx.Hosting;
using FinxFunctions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = FunctionsApplication.CreateBuilder(args);

builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<ErrorBoundary>();
builder.AddTelemetry();
builder.Services.AddFinx(builder.Configuration);

// At Information the worker's web server logs every URL, with the function keys and authorization codes in it.
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

builder.Build().Run();
