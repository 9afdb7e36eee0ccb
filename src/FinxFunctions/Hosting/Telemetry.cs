using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using OpenTelemetry;

namespace FinxFunctions.Hosting;

public static class Telemetry
{
    /// <summary>The worker's own logger, which sends each record to the host over gRPC. The type is internal.</summary>
    private const string HostLogger = "Microsoft.Azure.Functions.Worker.Logging.WorkerLoggerProvider";

    /// <summary>Sends traces, metrics and logs to Azure Monitor and to an OTLP collector, to each if its setting is given.</summary>
    public static void AddTelemetry(this FunctionsApplicationBuilder builder)
    {
        // Without the ASP.NET Core source, because the host already records each request.
        var telemetry = builder.Services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .WithTracing(tracing => tracing.AddSource("Finx*", "System.Net.Http"))
            .WithMetrics(metrics => metrics.AddMeter("Finx*", "System.Net.Http"));

        if (IsSet("APPLICATIONINSIGHTS_CONNECTION_STRING"))
        {
            // Traces are sampled. By default the logs of traces that are left out are left out too, but runbooks need the logs.
            telemetry.UseAzureMonitorExporter(exporter => exporter.EnableTraceBasedLogsSampler = false);
        }

        if (IsSet("APPLICATIONINSIGHTS_AUTHENTICATION_STRING"))
        {
            builder.Services.AddOptions<AzureMonitorExporterOptions>()
                .Configure<TokenCredential>((options, credential) => options.Credential = credential);
        }

        if (IsSet("OTEL_EXPORTER_OTLP_ENDPOINT"))
        {
            telemetry.UseOtlpExporter();
        }

        if (IsSet("APPLICATIONINSIGHTS_CONNECTION_STRING") || IsSet("OTEL_EXPORTER_OTLP_ENDPOINT"))
        {
            // The exporter sends these records. The host ignores its copies, and a copy of each audit record takes a fifth of a GetToken's processor time.
            // The few records of the worker's start and stop stay in the host's log.
            builder.Logging.Services.Configure<LoggerFilterOptions>(filters =>
            {
                filters.Rules.Add(new LoggerFilterRule(HostLogger, null, LogLevel.Warning, null));
                filters.Rules.Add(new LoggerFilterRule(HostLogger, "Microsoft.Hosting.Lifetime", LogLevel.Information, null));
            });
        }

        // With OpenTelemetry the host does not write the worker's logs to the console.
        if (builder.Environment.IsDevelopment())
        {
            builder.Logging.AddSimpleConsole();
        }

        bool IsSet(string setting) => !string.IsNullOrEmpty(builder.Configuration[setting]);
    }
}
