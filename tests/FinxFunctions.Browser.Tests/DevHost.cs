using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace FinxFunctions.Browser.Tests;

/// <summary>DevHost as a person starts it: a process of its own, on a free port.</summary>
internal sealed partial class DevHost : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(5);

    private readonly Process _process = new()
    {
        StartInfo = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "FinxFunctions.DevHost.dll"), "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        },
    };
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DevHost()
    {
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
    }

    /// <summary>The page.</summary>
    public Uri Address { get; private set; } = null!;

    public static async Task<DevHost> StartAsync()
    {
        var host = new DevHost();
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        try
        {
            host.Address = await host._address.Task.WaitAsync(StartTimeout);
            return host;
        }
        catch (TimeoutException late)
        {
            host.Dispose();
            throw new InvalidOperationException($"DevHost did not start. It said: {host._said}", late);
        }
    }

    /// <summary>Kills it; what it has started ends with it.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        lock (_said)
            _said.AppendLine(line);
        if (line is not null && PageAddress().Match(line) is { Success: true } match)
            _address.TrySetResult(new Uri(match.Groups[1].Value));
    }

    [GeneratedRegex("Connect a bank at +(http://\\S+)")]
    private static partial Regex PageAddress();
}
