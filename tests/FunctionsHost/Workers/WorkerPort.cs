using System.Globalization;

namespace FunctionsHost.Workers;

/// <summary>
/// Who listens on the port that a worker has chosen. The worker's HTTP extension finds a free port, frees it and listens there later. If another
/// process takes the port in between, the worker ends, and until then the other process answers what is meant for the worker.
/// </summary>
public static class WorkerPort
{
    private const string Listening = "0A";

    private static readonly string[] Tables = ["tcp", "tcp6"];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until the process listens on the port. False where it ended before. Only Linux tells; elsewhere this does not wait.</summary>
    internal static async Task<bool> WaitAsync(WorkerProcess process, int port)
    {
        while (OperatingSystem.IsLinux() && !IsHeld(process.Id, port))
        {
            if (process.Exited.IsCompleted)
                return false;

            await Task.Delay(Pause);
        }

        return true;
    }

    /// <summary>Whether a process listens on a port, as Linux tells in /proc. False for a process that has ended.</summary>
    public static bool IsHeld(int processId, int port)
    {
        try
        {
            var sockets = Tables.SelectMany(table => File.ReadLines($"/proc/{processId}/net/{table}").Skip(1)).Select(SocketOn).OfType<string>().ToHashSet();
            return sockets.Count > 0 && Directory.EnumerateFiles($"/proc/{processId}/fd").Any(file => new FileInfo(file).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // the process ends
        }

        // The columns of proc(5): the address is in hexadecimal, as are the port behind it and the state.
        string? SocketOn(string line)
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return columns[3] == Listening && int.Parse(columns[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) == port ? $"socket:[{columns[9]}]" : null;
        }
    }
}
