using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FinxFunctions.DevHost;

namespace FinxFunctions.Tests.Hosting;

/// <summary>DevHost as a person starts it, where it cannot start.</summary>
public class StartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_that_is_taken_is_said_in_one_line_with_what_to_do()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var (code, said) = await RunAsync("--urls", $"http://127.0.0.1:{port}");

        Assert.Equal(1, code);
        var line = Assert.Single(said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(port, line, StringComparison.Ordinal);
        Assert.Contains("choose another port with --urls", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_are_wrong_are_named_in_a_line_each()
    {
        var (code, said) = await RunAsync("--urls", "http://127.0.0.1:0", "--Tokens:TickConcurrency=0", "--Tokens:RotateAfter=2");

        Assert.Equal(1, code);
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Contains(lines, line => line.Contains("Tokens__TickConcurrency", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Tokens__RotateAfter", StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        using var process = new Process
        {
            StartInfo = new("dotnet", ["exec", typeof(Page).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.Start();
        try
        {
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
            await process.WaitForExitAsync(Cancel);
            return (process.ExitCode, string.Concat(said));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
