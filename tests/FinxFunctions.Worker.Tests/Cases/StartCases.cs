using System.Net;
using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;
using FunctionsHost;

namespace FinxFunctions.Worker.Tests.Cases;

/// <summary>A start with right settings and with wrong ones.</summary>
public sealed class StartCases(SharedHosts hosts) : HostCases(hosts)
{
    [Theory]
    [OnEachHost("Finx__BaseAddress=nowhere", "Finx__ClientId=", "Links__CallbackAddress=", "Links__AllowedReturnUris__0=", "Tokens__TickConcurrency=0", "Tokens__RotateAfter=2", "Vaults__Addresses__0=http://vault.example/")]
    public async Task A_wrong_setting_ends_the_start_with_one_line_that_names_it(HostKind kind, string setting)
    {
        // DevHost puts something of its own where these are absent.
        Assert.SkipWhen(kind is HostKind.DevHost && setting.EndsWith('='), Differences.Surroundings);
        var (exitCode, output) = await RefuseAsync(kind, setting);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(setting.Split('=')[0].Replace("__0", "", StringComparison.Ordinal), Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [OnEachHost("Finx__BaseAddress=nowhere", "Tokens__RotateAfter=2")]
    public async Task A_wrong_setting_ends_the_start_with_an_exit_code_that_is_not_0_and_is_named(HostKind kind, string setting)
    {
        var (exitCode, output) = await RefuseAsync(kind, setting);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(setting.Split('=')[0].Split("__")[^1], output, StringComparison.Ordinal);
    }

    [Theory]
    [OnEachHost("RotationSchedule=nonsense", "RotationSchedule=0 0 0 0 0", "RotationSchedule=")]
    public async Task A_wrong_schedule_ends_the_start_with_one_line_that_names_it(HostKind kind, string setting)
    {
        Assert.SkipWhen(kind is HostKind.DevHost && setting.EndsWith('='), Differences.Surroundings);
        var (exitCode, output) = await RefuseAsync(kind, setting);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("RotationSchedule", Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_starts_without_a_warning_and_prints_nothing()
    {
        Assert.SkipWhen(ExternalHost.Address is not null, "The host runs elsewhere, and is not ours to start.");
        var home = Directory.CreateTempSubdirectory(); // as on a new instance, where nothing was written yet
        await using var world = await World.StartAsync(Hosts.Tables);
        await using var host = await WorkerUnderTest.StartAsync(world, new() { ["HOME"] = home.FullName });
        using var alive = await host.Caller.SendAsync("GET /api/health/live", key: ""); // its web server listens by now
        await alive.EmptyAsync(HttpStatusCode.NoContent);

        home.Delete(recursive: true);
        Assert.DoesNotContain(host.Log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) || line.StartsWith("Error", StringComparison.Ordinal));
        Assert.DoesNotContain(host.Output.Lines, line => line.Contains("warn:", StringComparison.Ordinal) || line.Contains("fail:", StringComparison.Ordinal));
    }

    private async Task<(int? ExitCode, string Output)> RefuseAsync(HostKind kind, string setting)
    {
        if (kind is HostKind.External)
            throw HostUnderTest.Skip("The host runs elsewhere, and is not ours to start.");

        await using var world = await World.StartAsync(Hosts.Tables);
        var (name, value) = (setting.Split('=')[0], setting.Split('=', 2)[1]);
        Dictionary<string, string?> settings = new() { [name] = value.Length > 0 ? value : null };
        if (kind is HostKind.Worker)
        {
            var failure = await Assert.ThrowsAsync<WorkerStartException>(() => WorkerUnderTest.StartAsync(world, settings));
            return (failure.ExitCode, failure.Output);
        }

        await using var process = DevHostProcess.Launch(world.Settings(settings));
        return (await process.Exited.WaitAsync(Cancel), process.Output.ToString());
    }
}
