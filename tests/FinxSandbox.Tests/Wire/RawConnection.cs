using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FinxSandbox.Tests.Wire;

/// <summary>A connection without an HTTP client: what is seen is what was sent.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _tcp = new();
    private Stream _stream = Stream.Null;

    private RawConnection()
    {
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RawConnection> OpenAsync(Uri address, string thumbprint)
    {
        var connection = new RawConnection();
        await connection._tcp.ConnectAsync(address.Host, address.Port, Cancel);
        connection._stream = connection._tcp.GetStream();
        if (address.Scheme == Uri.UriSchemeHttps)
        {
            var tls = new SslStream(connection._stream, leaveInnerStreamOpen: false, (_, certificate, _, _) => IsOf(certificate, thumbprint));
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Cancel);
            connection._stream = tls;
        }
        return connection;
    }

    public async Task WriteAsync(RawRequest request)
    {
        var body = Encoding.UTF8.GetBytes(request.Body ?? "");
        var head = string.Create(CultureInfo.InvariantCulture, $"""
            {request.Method} {request.Path} HTTP/1.1
            Host: localhost
            Authorization: {request.Authorization}
            Content-Type: application/json
            Content-Length: {body.Length}


            """).ReplaceLineEndings("\r\n");
        await _stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body], Cancel);
    }

    /// <summary>Reads an answer to its end, or to that of the connection.</summary>
    public async Task<RawAnswer> ReadAsync()
    {
        List<byte> all = [];
        var buffer = new byte[16 * 1024];
        while (true)
        {
            if (Whole(all) is { } answer)
                return answer;
            try
            {
                var read = await _stream.ReadAsync(buffer, Cancel);
                if (read == 0)
                    return Part(all, RawEnd.Closed);
                all.AddRange(buffer.AsSpan(0, read));
            }
            catch (IOException)
            {
                return Part(all, RawEnd.Reset);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }

    private static bool IsOf(X509Certificate? certificate, string thumbprint) =>
        certificate is X509Certificate2 known && Convert.ToHexString(SHA256.HashData(known.PublicKey.ExportSubjectPublicKeyInfo())) == thumbprint;

    private static RawAnswer? Whole(List<byte> all)
    {
        var answer = Part(all, RawEnd.Complete);
        if (answer.Head is "")
            return null;
        var length = int.Parse(answer.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture);
        return answer.Body.Length >= length ? answer : null;
    }

    private static RawAnswer Part(List<byte> all, RawEnd end)
    {
        byte[] bytes = [.. all];
        var at = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        return at < 0 ? new("", bytes, end) : new(Encoding.Latin1.GetString(bytes[..at]), bytes[(at + 4)..], end);
    }
}
