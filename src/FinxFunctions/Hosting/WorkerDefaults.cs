using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;

namespace FinxFunctions.Hosting;

/// <summary>How the worker differs from what the Functions SDK sets up.</summary>
public static class WorkerDefaults
{
    public static void UseWorkerDefaults(this FunctionsApplicationBuilder builder)
    {
        // Each function limits the body that it reads. A second limit here would cut the connection, and the caller would get a 500 instead of a 413.
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Services.RemoveKeyRing();

        // At Information the worker's web server logs every URL, with the function keys and authorization codes in it.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.None);

        // Program.cs reports a failed start.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    }

    /// <summary>Removes the service that makes data protection keys at start. MVC, which the SDK adds, brings it; nothing here uses such keys.</summary>
    private static void RemoveKeyRing(this IServiceCollection services)
    {
        foreach (var service in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Assembly == typeof(DataProtectionOptions).Assembly).ToList())
        {
            services.Remove(service);
        }
    }
}
