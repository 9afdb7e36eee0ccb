using System.Diagnostics;
using System.Globalization;

namespace FunctionsHost.Workers;

/// <summary>
/// Kills the worker when this process ends, however it ends: a shell waits at a pipe whose other end is here, and the operating system closes
/// it. The Functions host has no such thing; a worker outlives it.
/// </summary>
internal sealed class OrphanGuard : IDisposable
{
    private Process? _shell;

    private OrphanGuard(Process? shell) => _shell = shell;

    /// <summary>Does nothing where there is no such shell.</summary>
    public static OrphanGuard Of(int processId)
    {
        if (OperatingSystem.IsWindows())
            return new(null);

        var start = new ProcessStartInfo("/bin/sh", ["-c", "read line; kill -9 $0", processId.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true, // nobody is told of a worker that has ended already
        };
        return new(Process.Start(start));
    }

    /// <summary>Lets the worker be.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _shell, null) is { } shell)
        {
            shell.Kill();
            shell.Dispose();
        }
    }
}
