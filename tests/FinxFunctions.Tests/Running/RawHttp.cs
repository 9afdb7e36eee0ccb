using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FinxFunctions.Tests.Running;

/// <summary>HTTP/1.1 by hand: sends an address as it is, and shows an answer as it arrives.</summary>
public static class RawHttp
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Gets a path of an app that listens on a socket.</summary>
    public static async Task<(int Status, string Answer)> GetAsync(App app, string path)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(app.Http.BaseAddress!.Host, app.Http.BaseAddress.Port, Cancel);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), Cancel);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync(Cancel);
        return (int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture), answer);
    }
}
