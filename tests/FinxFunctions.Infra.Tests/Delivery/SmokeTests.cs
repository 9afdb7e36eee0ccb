using System.Diagnostics;
using FinxFunctions.Infra.Tests.Templates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FinxFunctions.Infra.Tests.Delivery;

/// <summary>infra/smoke, which decides whether a deployment is kept.</summary>
public sealed class SmokeTests
{
    [Theory]
    [InlineData(401, 200, 0)]
    [InlineData(200, 200, 1)] // open without a key
    [InlineData(404, 200, 1)] // no functions were found
    [InlineData(401, 503, 1)]
    public async Task A_deployment_is_kept_if_it_answers_and_refuses_calls_without_a_key(int withoutKey, int health, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script runs in the workflow, on Linux.");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/api/connections", () => Results.StatusCode(withoutKey));
        app.MapGet("/api/health", () => Results.StatusCode(health));
        await app.StartAsync(TestContext.Current.CancellationToken);

        using var smoke = Process.Start(new ProcessStartInfo("bash", [Repository.PathOf("infra", "smoke"), app.Urls.Single()])
        {
            Environment = { ["SMOKE_PAUSE"] = "0" },
            RedirectStandardOutput = true,
        })!;
        var output = await smoke.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await smoke.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(exitCode, smoke.ExitCode);
        Assert.Contains($"GET /api/connections: {withoutKey}, expected 401", output, StringComparison.Ordinal);
    }
}
