using System.Diagnostics;
using FunctionsHost;

namespace FinxFunctions.Worker.Tests.Hosts;

/// <summary>A process of DevHost. It ends with this one: DevHost watches its standard input, which the operating system closes.</summary>
internal sealed class DevHostProcess : IAsyncDisposable
{
    private const string Greeting = "Connect a bank at";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DevHostProcess(IReadOnlyDictionary<string, string> settings)
    {
        _process = new Process
        {
            EnableRaisingEvents = true,
            StartInfo = new("dotnet", ["exec", Path.Combine(Places.DevHostFolder, "FinxFunctions.DevHost.dll"), "--urls", "http://127.0.0.1:0"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach (var (name, value) in settings)
            _process.StartInfo.Environment[name] = value;
        _process.StartInfo.Environment["EndWithParent"] = bool.TrueString;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => Task.Run(Bury);
    }

    public Uri Address { get; private set; } = null!;

    public Transcript Output { get; } = new();

    /// <summary>Its exit code, once it has ended and all that it printed is in the output.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>Starts one, and waits until it listens.</summary>
    /// <exception cref="InvalidOperationException">It ended before that; the message holds what it printed.</exception>
    public static async Task<DevHostProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var host = Launch(settings);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(Patience);
            var listening = host.Output.WaitForAsync(line => line.TrimStart().StartsWith(Greeting, StringComparison.Ordinal), patience.Token);
            if (await Task.WhenAny(listening, host.Exited) == host.Exited)
                throw new InvalidOperationException($"DevHost ended.\n{host.Output}");

            host.Address = new((await listening).Trim()[Greeting.Length..].Trim());
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one that is not expected to listen.</summary>
    public static DevHostProcess Launch(IReadOnlyDictionary<string, string> settings)
    {
        var host = new DevHostProcess(settings);
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await Exited;
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is not null)
            Output.Add(line);
    }

    private void Bury()
    {
        _process.WaitForExit(); // until the last line has been heard
        _exited.TrySetResult(_process.ExitCode);
    }
}
