using System.Diagnostics;
using System.Text;
using FinxFunctions.DevHost;
using FinxFunctions.DevHost.Local;

namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>DevHost as a process of its own, to be killed or stopped at any moment.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string Greeting = "Connect a bank at";

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _isDisposed;

    private HostProcess(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        _process = new Process
        {
            EnableRaisingEvents = true,
            StartInfo = new("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, $"{typeof(Page).Assembly.GetName().Name}.dll"), "--urls", "http://127.0.0.1:0"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach (var (name, value) in settings)
            _process.StartInfo.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        _process.StartInfo.Environment[ParentProcess.Setting] = bool.TrueString;
        _process.StartInfo.Environment["DOTNET_TC_CallCounting"] = "0"; // it does not live long enough to be worth optimising
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"The host ended.\n{Log}"));
    }

    public int Id { get; private set; }

    /// <summary>When it last was killed or stopped, by <see cref="Stopwatch"/>; 0 where it never was.</summary>
    public long InterruptedAt { get; private set; }

    /// <summary>The client of this host.</summary>
    public Caller Caller { get; private set; } = null!;

    /// <summary>Its output.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public bool HasEnded => _isDisposed;

    public static async Task<HostProcess> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var host = new HostProcess(settings);
        host._process.Start();
        host.Id = host._process.Id;
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        try
        {
            host.Caller = new Caller(await host._ready.Task.WaitAsync(SlowMachine.HangLimit));
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Clears its log.</summary>
    public void Forget()
    {
        lock (_log)
            _log.Clear();
    }

    /// <summary>SIGKILL: not a line of its code runs after this.</summary>
    public void Kill()
    {
        InterruptedAt = Stopwatch.GetTimestamp();
        _process.Kill();
    }

    /// <summary>SIGSTOP: it stops until <see cref="Continue"/> and does not notice.</summary>
    public void Stop()
    {
        InterruptedAt = Stopwatch.GetTimestamp();
        Signal("-STOP");
    }

    /// <summary>SIGCONT.</summary>
    public void Continue() => Signal("-CONT");

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Caller?.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private void Hear(string? line)
    {
        lock (_log)
            _log.AppendLine(line);
        if (line?.TrimStart() is { } text && text.StartsWith(Greeting, StringComparison.Ordinal))
            _ready.TrySetResult(new Uri(text[Greeting.Length..].Trim()));
    }
}
