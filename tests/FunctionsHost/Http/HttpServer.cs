using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Yarp.ReverseProxy.Forwarder;

namespace FunctionsHost.Http;

/// <summary>The web server that callers of the functions reach, on loopback.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private const long DefaultBodyLimit = 100 * 1024 * 1024;

    private readonly WebApplication _app;
    private ListenOptions? _listening;

    public HttpServer(HostOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = BodyLimit(options);
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen => _listening = listen);
        });
        builder.Services.AddRouting();
        builder.Services.AddHttpForwarder();
        _app = builder.Build();
    }

    public Uri Address => new($"http://127.0.0.1:{_listening!.IPEndPoint!.Port}/");

    public IHttpForwarder Forwarder => _app.Services.GetRequiredService<IHttpForwarder>();

    public IInlineConstraintResolver Constraints => _app.Services.GetRequiredService<IInlineConstraintResolver>();

    public Task StartAsync(RequestDelegate handle, CancellationToken cancellationToken)
    {
        ((IApplicationBuilder)_app).Run(handle);
        return _app.StartAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static long BodyLimit(HostOptions options) =>
        options.Settings.TryGetValue("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", out var limit) ? long.Parse(limit, CultureInfo.InvariantCulture) : DefaultBodyLimit;
}
