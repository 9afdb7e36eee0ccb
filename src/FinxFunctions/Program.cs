using FinxFunctions.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;

try
{
    var builder = FunctionsApplication.CreateBuilder(args);
    builder.ConfigureFunctionsWebApplication();
    builder.UseMiddleware<ErrorBoundary>();
    builder.UseWorkerDefaults();
    builder.AddTelemetry();
    builder.Services.AddFinxFunctions(builder.Configuration);
    builder.Build().Run();
    return 0;
}
catch (OperationCanceledException)
{
    // The host told the worker to stop before it had started.
    return 0;
}
catch (Exception exception) when (StartFailure.Explain(exception) is { } reason)
{
    await Console.Error.WriteLineAsync(reason);
    return StartFailure.ExitCode;
}

/// <summary>Not public: DevHost, which references this project, has a Program of its own.</summary>
internal sealed partial class Program;
