using FinxFunctions.DevHost.Triggers;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FinxFunctions.DevHost;

public static class Telemetry
{
    /// <summary>Sends traces, metrics and logs to an OTLP collector if its setting is given: those of the worker app, and the requests, which in Azure the host records.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;

        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("FinxFunctions.DevHost"))
            .WithTracing(tracing => tracing.AddSource("Finx*", "System.Net.Http", FunctionTrace.SourceName).AddProcessor<FunctionRequestFilter>())
            .WithMetrics(metrics => metrics.AddMeter("Finx*", "System.Net.Http"))
            .UseOtlpExporter();
    }
}
