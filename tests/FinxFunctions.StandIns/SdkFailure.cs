using System.Net.Sockets;
using Azure;

namespace FinxFunctions.StandIns;

/// <summary>
/// What the real Azure clients throw, as seen against a socket: an AggregateException of one exception for each try. <c>SilentStoreTests</c>
/// compares.
/// </summary>
public static class SdkFailure
{
    /// <summary>Tries of one call, as <c>AzureRetry</c> makes them.</summary>
    public const int Tries = 3;

    /// <summary>How long one try is silent.</summary>
    public static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(2.5);

    /// <summary>All tries of a call to a silent service, with the pauses between them.</summary>
    public static readonly TimeSpan Silence = (Tries * NetworkTimeout) + TimeSpan.FromMilliseconds(600);

    /// <summary>One try: the service accepted, and did not answer in time.</summary>
    public static Exception NoAnswer() => new TaskCanceledException(
        "The operation was cancelled because it exceeded the configured timeout of 0:00:02.5.",
        new TaskCanceledException("The operation was canceled.", new IOException("Unable to read data from the transport connection.", new SocketException((int)SocketError.OperationAborted))));

    /// <summary>One try: the connection was refused.</summary>
    public static Exception Refused() => Failed(new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused", new SocketException((int)SocketError.ConnectionRefused)));

    /// <summary>One try: the connection was reset before an answer.</summary>
    public static Exception Reset() => Failed(new HttpRequestException(
        HttpRequestError.Unknown, "An error occurred while sending the request.", new IOException("Connection reset by peer", new SocketException((int)SocketError.ConnectionReset))));

    /// <summary>One try: the connection was reset amid the answer.</summary>
    public static Exception BrokeOff() => new IOException("Unable to read data from the transport connection.", new SocketException((int)SocketError.ConnectionReset));

    /// <summary>A call whose tries all failed.</summary>
    public static Exception After(IEnumerable<Exception> tries) => new AggregateException("Retry failed after 3 tries.", tries);

    /// <summary>A call whose tries all failed in the same way.</summary>
    public static Exception After(Func<Exception> failed) => After(Enumerable.Range(0, Tries).Select(_ => failed()));

    private static RequestFailedException Failed(Exception inner) => new(0, inner.Message, null, inner);
}
