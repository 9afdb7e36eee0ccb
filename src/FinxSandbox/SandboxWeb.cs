using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FinxSandbox;

/// <summary>The sandbox's ports: one in plain HTTP, and one with TLS for each vault. It has no routing: each API matches its paths.</summary>
internal sealed class SandboxWeb : IAsyncDisposable
{
    /// <summary>Tokens of any length travel in headers and queries.</summary>
    private const int LongestHead = 512 * 1024;

    private readonly List<ListenOptions> _listeners = [];
    private readonly WebApplication _web;

    /// <param name="handler">Called for each request with the index of its vault, or null.</param>
    public SandboxWeb(SandboxOptions options, X509Certificate2 certificate, Func<HttpContext, int?, Task> handler)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // A flush ends once the socket has the bytes: what an answer begins with must go out before the connection is reset.
        builder.WebHost.UseKestrelCore().UseSockets(sockets => sockets.MaxWriteBufferSize = 1).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Beyond ASCII, for headers that are odd.
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.Limits.MaxRequestHeadersTotalSize = LongestHead;
            kestrel.Limits.MaxRequestLineSize = LongestHead;
            Listen(kestrel, options.FinxPort, vault: null, certificate: null);
            foreach (var (index, port) in options.VaultPorts.Index())
                Listen(kestrel, port, index, certificate);
        });
        _web = builder.Build();
        _web.Run(context =>
        {
            var door = context.Features.GetRequiredFeature<Door>();
            door.CallsSoFar++;
            return handler(context, door.Vault);
        });
    }

    /// <summary>Ends when the sandbox does.</summary>
    public CancellationToken Stopping => _web.Lifetime.ApplicationStopping;

    /// <summary>The ports taken: finX's, then the vaults'.</summary>
    public IReadOnlyList<int> Ports => [.. _listeners.Select(listener => listener.IPEndPoint!.Port)];

    public Task StartAsync(CancellationToken cancellationToken) => _web.StartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _web.Lifetime.StopApplication();
        await _web.DisposeAsync();
    }

    private void Listen(KestrelServerOptions kestrel, int port, int? vault, X509Certificate2? certificate) =>
        kestrel.Listen(IPAddress.Loopback, port, listener =>
        {
            _listeners.Add(listener);
            // HTTP/1 only: a dropped connection must not end other calls.
            listener.Protocols = HttpProtocols.Http1;
            if (certificate is not null)
                listener.UseHttps(certificate);
            listener.Use(next => connection =>
            {
                connection.Features.Set(new Door(vault));
                return next(connection);
            });
        });
}
