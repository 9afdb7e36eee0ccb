using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FinxFunctions.Worker.Tests.Running;

/// <summary>A TCP port that leads to another one. Shut, it breaks what is open and refuses what comes.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private readonly Uri _target;
    private readonly Task _accepting;
    private volatile bool _isShut;

    private Gate(Uri target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public static Gate Open(Uri target) => new(target);

    public void Shut()
    {
        _isShut = true;
        Break();
    }

    public void Reopen() => _isShut = false;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        Break();
        _listener.Dispose();
    }

    private void Break()
    {
        foreach (var client in _open.Keys)
            client.Close();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = PassAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException)
        {
            // It is disposed of.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var target = new TcpClient();
        using (client)
        {
            _open[client] = true;
            _open[target] = true;
            try
            {
                if (_isShut)
                    return;

                await target.ConnectAsync(_target.Host, _target.Port);
                var there = client.GetStream().CopyToAsync(target.GetStream());
                var back = target.GetStream().CopyToAsync(client.GetStream());
                await Task.WhenAny(there, back);
            }
            catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // One side has gone, and the other goes with it.
            }
            finally
            {
                _open.TryRemove(client, out _);
                _open.TryRemove(target, out _);
            }
        }
    }
}
