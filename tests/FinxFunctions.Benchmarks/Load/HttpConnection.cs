using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace FinxFunctions.Benchmarks.Load;

/// <summary>
/// One HTTP/1.1 connection that repeats a request and reads only the status and the end of each answer. This client costs little, so that the
/// figures show the server.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[256 * 1024];

    private int _start;
    private int _end;

    public static async Task<HttpConnection> OpenAsync(Uri address)
    {
        var connection = new HttpConnection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, address.Port);
        return connection;
    }

    /// <summary>Sends a request and waits for the whole answer.</summary>
    /// <returns>The length of the answer's body.</returns>
    /// <exception cref="InvalidOperationException">The status is not one that is expected.</exception>
    /// <param name="allowed">A status that is expected as well as 200 and 204.</param>
    public async ValueTask<long> AskAsync(ReadOnlyMemory<byte> request, int allowed = 200)
    {
        await _socket.SendAsync(request);
        int headers;
        while ((headers = Pending.IndexOf("\r\n\r\n"u8)) < 0)
            await ReceiveAsync();

        var (status, length) = Read(Pending[..(headers + 2)]);
        if (status is not (200 or 204) && status != allowed)
            throw new InvalidOperationException($"The host answered {status}.");

        _start += headers + 4;
        return length is { } known ? await SkipAsync(known) : await SkipChunksAsync();
    }

    public void Dispose() => _socket.Dispose();

    private Span<byte> Pending => _buffer.AsSpan(_start, _end - _start);

    private static (int Status, long? Length) Read(ReadOnlySpan<byte> head)
    {
        if (!Utf8Parser.TryParse(head[9..12], out int status, out _))
            throw new InvalidDataException("An answer without a status.");
        if (head.IndexOf("Content-Length: "u8) is >= 0 and var at && Utf8Parser.TryParse(head[(at + 16)..], out long length, out _))
            return (status, length);
        return (status, status == 204 ? 0 : null);
    }

    private async ValueTask<long> SkipAsync(long count)
    {
        for (var left = count; ;)
        {
            var here = Math.Min(left, _end - _start);
            _start += (int)here;
            left -= here;
            if (left == 0)
                return count;
            await ReceiveAsync();
        }
    }

    private async ValueTask<long> SkipChunksAsync()
    {
        for (long total = 0; ;)
        {
            int line;
            while ((line = Pending.IndexOf("\r\n"u8)) < 0)
                await ReceiveAsync();
            if (!Utf8Parser.TryParse(Pending[..line], out long length, out _, 'x'))
                throw new InvalidDataException("A chunk without a length.");
            _start += line + 2;
            await SkipAsync(length + 2);
            total += length;
            if (length == 0)
                return total;
        }
    }

    private async ValueTask ReceiveAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var count = await _socket.ReceiveAsync(_buffer.AsMemory(_end));
        _end += count > 0 ? count : throw new IOException("The host closed the connection.");
    }
}
