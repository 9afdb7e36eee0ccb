using System.Diagnostics;
using System.Globalization;
using System.Text;
using FinxFunctions.Benchmarks.Harness;
using FinxFunctions.DevHost;
using FinxFunctions.DevHost.Local;

namespace FinxFunctions.Benchmarks.Hosts;

/// <summary>DevHost as a process of its own.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const string Greeting = "Connect a bank at";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _first = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(IEnumerable<KeyValuePair<string, string?>> settings, bool isPinned)
    {
        // The packages and assemblies of this program are those of the host and more, so that the host can load the empty endpoints.
        string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, file);
        var host = typeof(Page).Assembly.GetName().Name;
        string[] arguments = ["exec", "--depsfile", PathOf($"{EmptyEndpoints.Assembly}.deps.json"), "--runtimeconfig", PathOf($"{host}.runtimeconfig.json"), PathOf($"{host}.dll"), "--urls", "http://127.0.0.1:0"];
        var (program, all) = isPinned ? Cores.OnFirst("dotnet", arguments) : ("dotnet", arguments);
        _process = new Process
        {
            EnableRaisingEvents = true,
            StartInfo = new(program, all) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        foreach (var (name, value) in settings)
            _process.StartInfo.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        _process.StartInfo.Environment[ParentProcess.Setting] = bool.TrueString;
        _process.StartInfo.Environment["ASPNETCORE_HOSTINGSTARTUPASSEMBLIES"] = EmptyEndpoints.Assembly;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"The host ended.\n{_first}"));
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>Speaks to it; follows no redirect.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>What it spent on all cores.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <param name="settings">As those of the app.</param>
    /// <param name="isPinned">Whether it gets the first core and no other.</param>
    public static async Task<HostProcess> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings, bool isPinned = false)
    {
        var host = new HostProcess(settings, isPinned);
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        try
        {
            host.Address = await host._ready.Task.WaitAsync(Patience);
            host.Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Address };
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Bytes that it allocated since its start.</summary>
    public async Task<long> AllocatedAsync() => long.Parse(await Http.GetStringAsync("/bench/allocated"), CultureInfo.InvariantCulture);

    /// <summary>The most memory that it held at a time since <see cref="ForgetPeak"/>; null where the system does not tell.</summary>
    public long? Peak() => OperatingSystem.IsLinux()
        ? long.Parse(File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^2], CultureInfo.InvariantCulture) * 1024
        : null;

    public void ForgetPeak()
    {
        if (OperatingSystem.IsLinux())
            File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Http?.Dispose();
    }

    private void Hear(string? line)
    {
        if (_ready.Task.IsCompletedSuccessfully)
            return;
        lock (_first)
            _first.AppendLine(line);
        if (line?.TrimStart() is { } text && text.StartsWith(Greeting, StringComparison.Ordinal))
            _ready.TrySetResult(new Uri(text[Greeting.Length..].Trim()));
    }
}
