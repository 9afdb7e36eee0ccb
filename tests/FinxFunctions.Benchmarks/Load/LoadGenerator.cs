using System.Diagnostics;
using System.Text;
using FinxFunctions.Benchmarks.Harness;

namespace FinxFunctions.Benchmarks.Load;

/// <summary>Connections that stay open. Each sends its next request when it has the answer to the last.</summary>
internal sealed class LoadGenerator : IDisposable
{
    private readonly List<HttpConnection> _connections = [];

    public static async Task<LoadGenerator> OpenAsync(Uri host, int connections)
    {
        var generator = new LoadGenerator();
        for (var count = 0; count < connections; count++)
            generator._connections.Add(await HttpConnection.OpenAsync(host));
        return generator;
    }

    public static byte[] Request(string method, string path) => Encoding.ASCII.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{(method == "POST" ? "Content-Length: 0\r\n" : "")}\r\n");

    /// <summary>Sends requests for a duration.</summary>
    public async Task<LoadResult> RunAsync(byte[] request, TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var asked = await Task.WhenAll(_connections.Select(connection => Task.Run(() => AskUntilAsync(connection, request, end))));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return Result(asked, seconds);
    }

    /// <summary>Sends one request on every connection, all at the same time.</summary>
    public async Task<LoadResult> BurstAsync(byte[] request)
    {
        var start = Stopwatch.GetTimestamp();
        var asked = await Task.WhenAll(_connections.Select(async connection =>
        {
            var begun = Stopwatch.GetTimestamp();
            var bytes = await connection.AskAsync(request);
            return (new List<double> { Stopwatch.GetElapsedTime(begun).TotalSeconds }, bytes);
        }));
        return Result(asked, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    public void Dispose() => _connections.ForEach(connection => connection.Dispose());

    private static async Task<(List<double> Latencies, long Bytes)> AskUntilAsync(HttpConnection connection, byte[] request, long end)
    {
        List<double> latencies = new(65_536);
        var bytes = 0L;
        for (var now = Stopwatch.GetTimestamp(); now < end;)
        {
            bytes += await connection.AskAsync(request);
            var done = Stopwatch.GetTimestamp();
            latencies.Add((done - now) / (double)Stopwatch.Frequency);
            now = done;
        }

        return (latencies, bytes);
    }

    private static LoadResult Result((List<double> Latencies, long Bytes)[] asked, double seconds) =>
        new(asked.Sum(one => one.Latencies.Count), seconds, new Samples(asked.SelectMany(one => one.Latencies)), asked.Sum(one => one.Bytes));
}
