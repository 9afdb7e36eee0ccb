using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using FinxFunctions.Worker.Tests.Hosts;

namespace FinxFunctions.Worker.Tests.Running;

/// <summary>HTTP/1.1 by hand: sends an address as it is, which HttpClient would tidy up first.</summary>
internal static class RawHttp
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Gets a path, with the function key.</summary>
    public static async Task<(int Status, string Answer)> GetAsync(HostUnderTest host, string path)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.Address.Host, host.Address.Port, Cancel);
        await using var stream = await OpenAsync(socket, host.Address);
        var key = host.FunctionKey is { } held ? $"{Caller.KeyHeader}: {held}\r\n" : "";
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: {host.Address.Authority}\r\n{key}Connection: close\r\n\r\n"), Cancel);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync(Cancel);
        return (int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture), answer);
    }

    /// <summary>Posts blanks as JSON with the function key, until the host answers: a body whose length is told is not sent before that.</summary>
    /// <returns>The status; 0 where the connection broke without an answer.</returns>
    public static async Task<int> PostBlanksAsync(HostUnderTest host, string path, long length, bool isTold)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.Address.Host, host.Address.Port, Cancel);
        await using var stream = await OpenAsync(socket, host.Address);
        var key = host.FunctionKey is { } held ? $"{Caller.KeyHeader}: {held}\r\n" : "";
        var framing = isTold ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}") : "Transfer-Encoding: chunked";
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"POST {path} HTTP/1.1\r\nHost: {host.Address.Authority}\r\n{key}Content-Type: application/json\r\n{framing}\r\n\r\n"), Cancel);
        var status = ReadStatusAsync(stream);
        if (!isTold)
            await SendChunksAsync(stream, length, status);
        return await status;
    }

    private static async Task<int> ReadStatusAsync(Stream stream)
    {
        var line = new byte["HTTP/1.1 200".Length];
        try
        {
            await stream.ReadExactlyAsync(line, Cancel);
            return int.Parse(Encoding.Latin1.GetString(line, "HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task SendChunksAsync(Stream stream, long length, Task answered)
    {
        const int Size = 64 * 1024;
        var chunk = Encoding.Latin1.GetBytes($"{Size:x}\r\n{new string(' ', Size)}\r\n");
        try
        {
            for (var left = length; left > 0 && !answered.IsCompleted; left -= Size)
                await stream.WriteAsync(chunk, Cancel);
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), Cancel);
        }
        catch (IOException)
        {
            // The host has answered, and reads no more.
        }
    }

    private static async Task<Stream> OpenAsync(TcpClient socket, Uri address)
    {
        if (address.Scheme != Uri.UriSchemeHttps)
            return socket.GetStream();

        var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(address.Host);
        return tls;
    }
}
