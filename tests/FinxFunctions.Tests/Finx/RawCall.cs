using System.Net.Sockets;
using System.Text;

namespace FinxFunctions.Tests.Finx;

/// <summary>One request to a <see cref="RawFinx"/>.</summary>
/// <param name="Number">Counts the requests, from 1.</param>
/// <param name="OnConnection">Counts the requests of this connection, from 1.</param>
internal sealed record RawCall(NetworkStream Stream, int Number, int OnConnection, CancellationToken Stopped)
{
    /// <summary>Set to close the connection.</summary>
    public bool IsClosed { get; set; }

    public Task WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    public async Task WriteAsync(byte[] bytes) => await Stream.WriteAsync(bytes, Stopped);

    /// <summary>Answers, and closes the connection.</summary>
    public async Task CloseAsync(string text = "")
    {
        await WriteAsync(text);
        IsClosed = true;
    }

    /// <summary>Says nothing more until the test ends.</summary>
    public Task StallAsync() => Task.Delay(Timeout.Infinite, Stopped);
}
