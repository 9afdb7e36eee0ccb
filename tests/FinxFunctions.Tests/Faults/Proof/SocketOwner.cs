using System.Globalization;
using System.Net;

namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>Finds the process at the other end of a connection within this machine. Linux only.</summary>
internal static class SocketOwner
{
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    private const int LocalColumn = 1;
    private const int RemoteColumn = 2;
    private const int InodeColumn = 9;

    /// <returns>One of the candidates; null where it is none of them.</returns>
    public static int? Find(EndPoint? client, EndPoint? door, IEnumerable<int> candidates)
    {
        if (client is not IPEndPoint { Port: var local } || door is not IPEndPoint { Port: var remote } || InodeOf(local, remote) is not { } inode)
            return null;
        var socket = $"socket:[{inode}]";
        return candidates.Select(process => (int?)process).FirstOrDefault(process => Holds(process!.Value, socket));
    }

    private static string? InodeOf(int local, int remote) => (
        from table in Tables
        where File.Exists(table)
        from line in File.ReadLines(table)
        let columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where columns.Length > InodeColumn && columns[LocalColumn].EndsWith(Hex(local), StringComparison.Ordinal) && columns[RemoteColumn].EndsWith(Hex(remote), StringComparison.Ordinal)
        select columns[InodeColumn]).FirstOrDefault();

    private static bool Holds(int process, string socket)
    {
        try
        {
            return new DirectoryInfo($"/proc/{process}/fd").EnumerateFileSystemInfos().Any(file => file.LinkTarget == socket);
        }
        catch (IOException)
        {
            // It ended, or closed a file meanwhile.
            return false;
        }
    }

    private static string Hex(int port) => string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
}
