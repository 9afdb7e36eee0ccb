using System.Net;
using System.Runtime.InteropServices;
using FinxFunctions.Worker.Tests.Cases;
using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;
using FunctionsHost;

namespace FinxFunctions.Worker.Tests.Stops;

/// <summary>The host's own part in a stop.</summary>
public sealed class DrainCases(SharedHosts hosts) : HostCases(hosts)
{
    [Fact]
    public async Task A_host_that_is_told_to_drain_ends_its_worker()
    {
        SkipElsewhere();
        await using var world = await World.StartAsync(Hosts.Tables);
        await using var worker = await StartAsync(world);

        using var ping = await worker.Caller.SendAsync("GET /admin/host/ping", key: "");
        using var closed = await worker.Caller.SendAsync("POST /admin/host/drain", key: "");
        using var status = await worker.Caller.SendAsync("GET /admin/host/status", key: worker.MasterKey);
        using var drain = await worker.Caller.SendAsync("POST /admin/host/drain", key: worker.MasterKey);

        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
        await closed.EmptyAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("Running", (await status.JsonAsync()).Text("state"));
        Assert.Equal(HttpStatusCode.Accepted, drain.StatusCode);
        await worker.AssertEndedAsync();
        await worker.Host.StopAsync();
        using var late = await worker.Caller.SendAsync("GET /api/health/live", key: "");
        await late.EmptyAsync(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_worker_that_is_told_to_stop_as_soon_as_its_functions_are_loaded_ends_as_at_any_other_time()
    {
        SkipElsewhere();
        await using var world = await World.StartAsync(Hosts.Tables);
        await using var worker = await WorkerUnderTest.LoadAsync(world);

        await worker.Host.StopAsync();

        await worker.AssertEndedAsync();
        Assert.DoesNotContain(worker.Output.Lines, line => line.Contains("Unhandled exception", StringComparison.Ordinal));
    }

    // As in the Functions host 4.1037. A service manager that ends a worker leaves its callers waiting.
    [Fact]
    public async Task A_worker_that_ends_by_itself_with_0_is_not_replaced_and_calls_wait_for_ever()
    {
        SkipElsewhere();
        await using var world = await World.StartAsync(Hosts.Tables);
        await using var worker = await StartAsync(world);
        var process = worker.Host.WorkerProcessId;

        worker.Host.SignalWorker(PosixSignal.SIGTERM);
        await worker.AssertEndedAsync();
        var call = worker.Caller.SendAsync("GET /api/health/live", key: "");
        await Eventually.UntilAsync(() => Task.FromResult(worker.Host.RunningInvocations == 1));

        Assert.False(call.IsCompleted);
        Assert.Equal((process, HostState.Running), (worker.Host.WorkerProcessId, worker.Host.State));
        await worker.Host.StopAsync();
        using var answer = await call;
        await answer.EmptyAsync(HttpStatusCode.InternalServerError);
    }

    /// <summary>A worker loads its functions before its web server listens, and one that is told to stop between the two ends with a stack trace.</summary>
    private static async Task<WorkerUnderTest> StartAsync(World world)
    {
        var worker = await WorkerUnderTest.StartAsync(world);
        using var alive = await worker.Caller.SendAsync("GET /api/health/live", key: "");
        await alive.EmptyAsync(HttpStatusCode.NoContent);
        return worker;
    }

    private static void SkipElsewhere() => Assert.SkipWhen(ExternalHost.Address is not null, "The host runs elsewhere, and is not ours to stop.");
}
