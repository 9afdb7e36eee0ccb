using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace FinxFunctions.Benchmarks.Hosts;

/// <summary>FunctionsHost as a process, and the published worker app that it starts as another process.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string AddressLine = "functions ";
    private const string WorkerLine = "worker ";
    private const int KeptOutput = 20_000;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<int> _worker = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Uri? _address;

    private HostProcess(string workerFolder, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        string[] arguments = ["exec", Path.Combine(AppContext.BaseDirectory, "FunctionsHost.dll"), "--worker", workerFolder, "--port", "0"];
        _process = new Process
        {
            EnableRaisingEvents = true,
            StartInfo = new("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.StartInfo.Environment["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production";
        foreach (var (name, value) in settings)
            _process.StartInfo.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => _worker.TrySetException(new InvalidOperationException($"The host ended.\n{_output}"));
        AppDomain.CurrentDomain.ProcessExit += Kill;
    }

    public Uri Address => _address!;

    /// <summary>Calls the host. It follows no redirect.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>The host's processor time since its start, on all cores.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The worker's process.</summary>
    public WorkerProcess Worker { get; private set; } = null!;

    /// <summary>Starts the host, and waits until it serves the worker's functions.</summary>
    /// <param name="workerFolder">The published worker app.</param>
    /// <param name="settings">The app settings.</param>
    public static async Task<HostProcess> StartAsync(string workerFolder, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var host = new HostProcess(workerFolder, settings);
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        try
        {
            host.Worker = new WorkerProcess(await host._worker.Task.WaitAsync(StartLimit));
            host.Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Address };
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        Kill(null, EventArgs.Empty);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Http?.Dispose();
        Worker?.Dispose();
    }

    private void Kill(object? sender, EventArgs arguments)
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
    }

    private void Hear(string? line)
    {
        if (line is null || _worker.Task.IsCompletedSuccessfully)
            return;

        lock (_output)
        {
            if (_output.Length < KeptOutput)
                _output.AppendLine(line);
        }

        var text = line.Trim();
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (_address is null && text.StartsWith(AddressLine, StringComparison.Ordinal))
            _address = new Uri(words[1]);
        else if (_address is not null && text.StartsWith(WorkerLine, StringComparison.Ordinal))
            _worker.TrySetResult(int.Parse(words[^1], CultureInfo.InvariantCulture));
    }
}
