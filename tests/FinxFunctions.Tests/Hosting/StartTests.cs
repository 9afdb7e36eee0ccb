using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FinxFunctions.DevHost;
using FinxFunctions.Diagnostics;

namespace FinxFunctions.Tests.Hosting;

/// <summary>DevHost and the worker as processes that cannot start.</summary>
public class StartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_in_use_is_reported_in_one_line_with_what_to_do()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var (code, output) = await RunAsync("--urls", $"http://127.0.0.1:{port}");

        Assert.Equal(1, code);
        var line = Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(port, line, StringComparison.Ordinal);
        Assert.Contains("choose another port with --urls", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_wrong_setting_is_reported_in_one_line()
    {
        var (code, output) = await RunAsync("--urls", "http://127.0.0.1:0", "--Tokens:TickConcurrency=0", "--Tokens:RotateAfter=2", "--RotationSchedule=hourly", "--Tokens:Replays=one");

        Assert.Equal(1, code);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Contains(lines, line => line.StartsWith("RotationSchedule: 'hourly' is not an NCRONTAB expression", StringComparison.Ordinal));
        Assert.Contains("Tokens__Replays: 'one' is not a whole number.", lines);
        Assert.Contains(lines, line => line.Contains("Tokens__TickConcurrency", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Tokens__RotateAfter", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_worker_reports_each_wrong_setting_in_one_line_too()
    {
        var (code, output) = await RunProcessAsync(
            typeof(FinxMetrics).Assembly.Location,
            ["--functions-uri", "http://127.0.0.1:1/", "--functions-worker-id", "w", "--functions-request-id", "r", "--functions-grpc-max-message-length", "1000"],
            new()
            {
                ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production",
                ["Finx__BaseAddress"] = "https://finx.test",
                ["Finx__ClientId"] = "client",
                ["Finx__ClientSecret"] = "secret",
                ["Links__CallbackAddress"] = "https://app.test/api/callback",
                ["Links__AllowedReturnUris__0"] = "https://app.test/",
                ["Tables__Endpoint"] = "https://tables.test",
                ["Vaults__Addresses__0"] = "https://vault.test",
                ["Tokens__TickConcurrency"] = "many",
                ["Callers__Mode"] = "Nobody",
            });

        Assert.Equal(1, code);
        Assert.Equal(
            [
                "Callers__Mode: 'Nobody' is not one of FunctionKeys, Entra.",
                "RotationSchedule: set an NCRONTAB expression of six fields, seconds first, such as 0 */5 * * * *.",
                "Tokens__TickConcurrency: 'many' is not a whole number.",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    private static Task<(int Code, string Output)> RunAsync(params string[] arguments) => RunProcessAsync(typeof(Page).Assembly.Location, arguments, []);

    private static async Task<(int Code, string Output)> RunProcessAsync(string assembly, string[] arguments, Dictionary<string, string> settings)
    {
        using var process = new Process
        {
            StartInfo = new("dotnet", ["exec", assembly, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        foreach (var (name, value) in settings)
        {
            process.StartInfo.Environment[name] = value;
        }

        process.Start();
        try
        {
            var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Cancel), process.StandardError.ReadToEndAsync(Cancel));
            await process.WaitForExitAsync(Cancel);
            return (process.ExitCode, string.Concat(output));
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
