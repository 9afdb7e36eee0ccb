using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FinxFunctions.Simulation.Tests.Stores;

/// <summary>A socket in the place of a store: it accepts, and then does what a broken store does.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2? _certificate;
    private readonly Task _running;
    private int _requests;

    public SocketServer(string? reply, SocketEnd then, bool tls = false)
    {
        (Reply, Then) = (reply, then);
        _certificate = tls ? NewCertificate() : null;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _running = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>What it writes, whatever it is asked; null for nothing.</summary>
    public string? Reply { get; set; }

    /// <summary>What it does afterwards.</summary>
    public SocketEnd Then { get; set; }

    /// <summary>The requests so far.</summary>
    public int Requests => _requests;

    /// <summary>As in the setting <c>Vaults__PublicKeyThumbprint</c>.</summary>
    public string Thumbprint => Convert.ToHexString(SHA256.HashData(_certificate!.PublicKey.ExportSubjectPublicKeyInfo()));

    /// <summary>An answer of HTTP.</summary>
    /// <param name="length">What the answer says of its length; null for the truth.</param>
    public static string Answer(int status, string contentType, string body, string headers = "", int? length = null) =>
        $"HTTP/1.1 {status} -\r\nContent-Type: {contentType}\r\nConnection: close\r\n{headers}Content-Length: {length ?? Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _certificate?.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = await OpenAsync(client);
                if (await stream.ReadAsync(new byte[64 * 1024], _end.Token) > 0)
                {
                    Interlocked.Increment(ref _requests);
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(Reply ?? ""), _end.Token);
                    await stream.FlushAsync(_end.Token);
                    await EndAsync(client);
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
            {
                // The client gave up, or the test is over.
            }
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (_certificate is null)
        {
            return client.GetStream();
        }

        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
        return stream;
    }

    private async Task EndAsync(TcpClient client)
    {
        switch (Then)
        {
            case SocketEnd.Silence:
                await Task.Delay(Timeout.Infinite, _end.Token);
                break;
            case SocketEnd.Reset:
                client.Client.LingerState = new LingerOption(true, 0);
                client.Client.Close();
                break;
            default:
                client.Client.Shutdown(SocketShutdown.Send);
                break;
        }
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(150));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
