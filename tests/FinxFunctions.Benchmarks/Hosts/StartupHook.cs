using System.Globalization;
using System.Net.Sockets;
using System.Text;

#pragma warning disable CA1050, IDE0130 // The runtime finds a startup hook by this name, outside of any namespace.

/// <summary>
/// The runtime calls this in the worker's process before its Main, where DOTNET_STARTUP_HOOKS names this assembly. It sends the
/// benchmark the number of bytes that the process has allocated.
/// </summary>
internal static class StartupHook
{
    /// <summary>The environment variable with the path of the socket on which the worker sends the number.</summary>
    public const string SocketVariable = "BENCHMARK_SOCKET";

    public static void Initialize()
    {
        // The host has the same environment, but is not measured.
        if (Environment.GetEnvironmentVariable("FUNCTIONS_WORKER_DIRECTORY") is null || Environment.GetEnvironmentVariable(SocketVariable) is not { } path)
            return;

        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        new Thread(() => Serve(listener)) { IsBackground = true }.Start();
    }

    private static void Serve(Socket listener)
    {
        while (true)
        {
            using var caller = listener.Accept();
            caller.Send(Encoding.ASCII.GetBytes(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture)));
        }
    }
}
