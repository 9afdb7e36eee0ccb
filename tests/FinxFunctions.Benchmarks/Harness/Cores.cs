using System.Diagnostics;
using System.Globalization;

namespace FinxFunctions.Benchmarks.Harness;

/// <summary>
/// Keeps the load and the host that bears it on cores of their own, so that the one does not slow the other. Only where there is
/// <c>taskset</c>; else they share what there is.
/// </summary>
internal static class Cores
{
    public static bool CanPin { get; } = OperatingSystem.IsLinux() && Environment.ProcessorCount > 1 && File.Exists("/usr/bin/taskset");

    /// <summary>A command that runs on the first core.</summary>
    public static (string Program, IEnumerable<string> Arguments) OnFirst(string program, IEnumerable<string> arguments) =>
        CanPin ? ("/usr/bin/taskset", ["-c", "0", program, .. arguments]) : (program, arguments);

    /// <summary>Keeps this process off the first core until disposed of.</summary>
    public static IDisposable LeaveFirst()
    {
        Move($"1-{Environment.ProcessorCount - 1}");
        return new Return();
    }

    private static void Move(string cores)
    {
        if (!CanPin)
            return;
        using var taskset = Process.Start(new ProcessStartInfo("/usr/bin/taskset", ["-acp", cores, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        taskset.StandardOutput.ReadToEnd();
        taskset.WaitForExit();
    }

    private sealed class Return : IDisposable
    {
        private readonly int _all = Environment.ProcessorCount;

        public void Dispose() => Move($"0-{_all - 1}");
    }
}
