using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FunctionsHost.Workers;

/// <summary>The worker's process, with all that it prints.</summary>
internal sealed partial class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Transcript _output;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private OrphanGuard? _guard;

    private WorkerProcess(ProcessStartInfo start, Transcript output)
    {
        _output = output;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => Task.Run(Bury);
    }

    public int Id { get; private set; }

    /// <summary>Its exit code, once it has ended and its last line is in the output. Of a process that a signal ended it is 128 and the signal.</summary>
    public Task<int> Exited => _exited.Task;

    public static WorkerProcess Start(ProcessStartInfo start, Transcript output)
    {
        var worker = new WorkerProcess(start, output);
        worker._process.Start();
        worker.Id = worker._process.Id;
        worker._guard = OrphanGuard.Of(worker.Id);
        if (worker._process.HasExited)
            worker._guard.Dispose();
        worker._process.BeginOutputReadLine();
        worker._process.BeginErrorReadLine();
        return worker;
    }

    /// <param name="signal">SIGTERM or SIGINT.</param>
    public void Signal(PosixSignal signal)
    {
        var number = signal switch
        {
            PosixSignal.SIGTERM => 15,
            PosixSignal.SIGINT => 2,
            _ => throw new ArgumentOutOfRangeException(nameof(signal)),
        };
        if (SendSignal(Id, number) != 0)
            throw new InvalidOperationException($"kill: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>SIGKILL: not a line of its code runs after this.</summary>
    public void Kill() => _process.Kill();

    public void Dispose() => _process.Dispose();

    private void Hear(string? line)
    {
        if (line is not null)
            _output.Add(line);
    }

    private void Bury()
    {
        _guard?.Dispose();
        _process.WaitForExit(); // until the last line has been heard
        _exited.TrySetResult(_process.ExitCode);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int processId, int signal);
}
