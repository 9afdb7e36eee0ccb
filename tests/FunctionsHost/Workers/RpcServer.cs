using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FunctionsHost.Workers;

/// <summary>The gRPC server that workers call, on a loopback port of its own.</summary>
internal sealed class RpcServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, WorkerChannel> _channels = new();
    private ListenOptions? _listening;

    private RpcServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            _listening = listen;
        }));
        builder.Services.AddSingleton(_channels);
        builder.Services.AddGrpc(grpc => (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (int.MaxValue, int.MaxValue));
        _app = builder.Build();
        _app.MapGrpcService<FunctionRpcService>();
    }

    public int Port => _listening!.IPEndPoint!.Port;

    public static async Task<RpcServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new RpcServer();
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    public void Expect(WorkerChannel channel) => _channels[channel.WorkerId] = channel;

    public void Forget(WorkerChannel channel) => _channels.TryRemove(channel.WorkerId, out _);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
