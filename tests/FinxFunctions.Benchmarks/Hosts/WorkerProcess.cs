using System.Diagnostics;
using System.Globalization;

namespace FinxFunctions.Benchmarks.Hosts;

/// <summary>Processor time and memory of a worker's process. Only Linux gives the memory.</summary>
internal sealed class WorkerProcess(int id) : IDisposable
{
    private readonly Process _process = Process.GetProcessById(id);

    public int Id => id;

    /// <summary>Processor time since the start, on all cores.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Bytes in memory now (VmRSS).</summary>
    public long? Memory => Status("VmRSS:");

    /// <summary>The most bytes in memory since <see cref="ForgetPeak"/> (VmHWM).</summary>
    public long? PeakMemory => Status("VmHWM:");

    public void ForgetPeak()
    {
        if (OperatingSystem.IsLinux())
            File.WriteAllText($"/proc/{id}/clear_refs", "5");
    }

    public void Dispose() => _process.Dispose();

    private long? Status(string field) => OperatingSystem.IsLinux()
        ? long.Parse(File.ReadLines($"/proc/{id}/status").Single(line => line.StartsWith(field, StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024
        : null;
}
