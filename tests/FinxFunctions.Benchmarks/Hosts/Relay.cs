using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FinxFunctions.Benchmarks.Hosts;

/// <summary>
/// A TCP relay between the app and a service. It notes when a request's first bytes arrived, and when the last byte of an answer was handed
/// over. Each direction has a thread of its own, so the relay waits for no thread of the app.
/// </summary>
internal sealed class Relay : IDisposable
{
    private const int Beginning = 256;
    private const string EndOfHeaders = "\r\n\r\n";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _service;

    public Relay(Uri service)
    {
        _service = service;
        _listener.Start();
        Address = new UriBuilder(service) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        Begin(Accept);
    }

    /// <summary>The service's address, by way of this relay.</summary>
    public Uri Address { get; }

    /// <summary>Called with the beginning of what the app sent, and the time of its arrival. The relay passes it on only afterwards.</summary>
    public Action<string, long>? Arrived { get; set; }

    /// <summary>Called when a whole answer was handed to the app: its time is that of the call that hands over the last byte.</summary>
    public Action<long>? Answered { get; set; }

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        while (true)
        {
            var app = _listener.AcceptSocket();
            var service = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            app.NoDelay = true;
            service.Connect(_service.Host, _service.Port);
            Begin(() => Pass(app, service, before: (bytes, at) => Arrived?.Invoke(Encoding.Latin1.GetString(bytes.Span[..Math.Min(bytes.Length, Beginning)]), at)));
            var answer = new StringBuilder();
            Begin(() => Pass(service, app, after: (bytes, at) =>
            {
                answer.Append(Encoding.Latin1.GetString(bytes.Span));
                if (IsWhole(answer.ToString()))
                {
                    answer.Clear();
                    Answered?.Invoke(at);
                }
            }));
        }
    }

    private static void Pass(Socket from, Socket to, Action<ReadOnlyMemory<byte>, long>? before = null, Action<ReadOnlyMemory<byte>, long>? after = null)
    {
        var buffer = new byte[64 * 1024];
        int length;
        while ((length = from.Receive(buffer)) > 0)
        {
            var at = Stopwatch.GetTimestamp();
            before?.Invoke(buffer.AsMemory(0, length), at);
            to.Send(buffer.AsSpan(0, length));
            after?.Invoke(buffer.AsMemory(0, length), at);
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private static bool IsWhole(string answer)
    {
        var end = answer.IndexOf(EndOfHeaders, StringComparison.Ordinal);
        if (end < 0)
            return false;

        const string Length = "Content-Length: ";
        var at = answer.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        return at < 0 || at > end
            ? answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            : answer.Length - end - EndOfHeaders.Length >= int.Parse(answer.AsSpan(at + Length.Length, answer.IndexOf('\r', at) - at - Length.Length), CultureInfo.InvariantCulture);
    }

    private static void Begin(Action work) => new Thread(() =>
    {
        try
        {
            work();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One side is gone, and the other learns it from its own read.
        }
    })
    { IsBackground = true }.Start();
}
