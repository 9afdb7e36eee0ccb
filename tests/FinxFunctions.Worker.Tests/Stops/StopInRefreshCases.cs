using System.Runtime.InteropServices;
using FinxFunctions.Worker.Tests.Cases;
using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;
using FinxSandbox;
using FinxSandbox.Faults;
using FinxSandbox.Finx.Tokens;

namespace FinxFunctions.Worker.Tests.Stops;

/// <summary>The worker is told to stop, or is killed, while a caller waits for a refresh.</summary>
public sealed class StopInRefreshCases(SharedHosts hosts) : HostCases(hosts)
{
    private static readonly Dictionary<string, string?> Settings = new() { ["Finx__TokenTimeout"] = "00:00:05", ["Tokens__Lease"] = "00:00:10", ["Tokens__Replays"] = "0" };

    // A finX that forgives a second presentation for a while, and an app that tries one.
    private static readonly Dictionary<string, string?> Replaying = new(Settings) { ["Tokens__Replays"] = "1" };
    private static readonly SandboxOptions Forgiving = new() { RefreshTokenReuse = RefreshTokenReuse.Grace, GraceWindow = TimeSpan.FromMinutes(10) };

    [Theory]
    [InlineData("stop")]
    [InlineData("SIGTERM")]
    [InlineData("SIGINT")]
    public async Task A_refresh_that_runs_is_waited_for(string how)
    {
        SkipElsewhere();
        await using var world = await World.StartAsync(Hosts.Tables);
        string id;
        await using (var worker = await WorkerUnderTest.StartAsync(world, Settings))
        {
            id = await worker.Caller.ConnectAsync();
            var slow = world.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.refresh", DelayAfter = TimeSpan.FromSeconds(3) });
            var asked = AskAndIgnoreAsync(worker, id);
            await slow.Reached.WaitAsync(Cancel);

            await EndAsync(worker, how);
            await asked;
            await worker.AssertEndedAsync();
        }

        await AssertAliveAsync(world, id, Settings);
        Assert.Single(world.Sandbox.Journal.Of("token.refresh"));
    }

    [Fact]
    public async Task A_refresh_that_is_slower_than_the_grace_is_presented_again_where_finX_forgives_it()
    {
        SkipElsewhere();
        await using var world = await World.StartAsync(Hosts.Tables, Forgiving);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string id;
        await using (var worker = await WorkerUnderTest.StartAsync(world, Replaying, new() { Drain = TimeSpan.FromSeconds(1), TerminateGrace = TimeSpan.FromSeconds(1) }))
        {
            id = await worker.Caller.ConnectAsync();
            var held = world.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.refresh", HoldAfter = answer.Task });
            var asked = AskAndIgnoreAsync(worker, id);
            await held.Reached.WaitAsync(Cancel);

            await worker.Host.StopAsync();
            await asked;
            Assert.NotEqual(0, await worker.Host.WorkerExited);
        }
        answer.SetResult();

        await AssertAliveAsync(world, id, Replaying);
    }

    [Fact]
    public async Task A_worker_that_is_killed_while_finX_answers_is_replaced_and_presents_the_token_again()
    {
        SkipElsewhere();
        await using var world = await World.StartAsync(Hosts.Tables, Forgiving);
        await using var worker = await WorkerUnderTest.StartAsync(world, Replaying);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = await worker.Caller.ConnectAsync();

        await KillAtAsync(worker, id, world.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.refresh", HoldAfter = answer.Task }));
        answer.SetResult();

        await AssertTokenAsync(world, worker, id);
    }

    // finX has answered, and the answer lies in the lease row: nothing is presented again, and nothing is lost though finX forgives nothing.
    [Fact]
    public async Task A_worker_that_is_killed_before_the_vault_has_the_tokens_is_replaced_and_loses_nothing()
    {
        SkipElsewhere();
        await using var world = await World.StartAsync(Hosts.Tables);
        await using var worker = await WorkerUnderTest.StartAsync(world, Settings);
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var id = await worker.Caller.ConnectAsync();

        await KillAtAsync(worker, id, world.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "vault.set", HoldBefore = never.Task }));

        await AssertTokenAsync(world, worker, id);
        Assert.Single(world.Sandbox.Journal.Of("token.refresh"));
        never.SetResult();
    }

    private static async Task KillAtAsync(WorkerUnderTest worker, string id, ActiveFault moment)
    {
        var asked = AskAndIgnoreAsync(worker, id);
        await moment.Reached.WaitAsync(Cancel);
        var killed = worker.Host.WorkerExited;
        worker.Host.KillWorker();
        await killed.WaitAsync(Cancel);
        await asked;
        await Eventually.UntilAsync(() => worker.Host.ListensAsync(Cancel));
    }

    /// <summary>What this caller is answered is not the question: the host may have given up, or the worker be gone.</summary>
    private static async Task AskAndIgnoreAsync(WorkerUnderTest worker, string id)
    {
        try
        {
            (await worker.Caller.AskTokenAsync(id, 1)).Dispose();
        }
        catch (HttpRequestException)
        {
            // The host has gone with the worker.
        }
    }

    private static async Task EndAsync(WorkerUnderTest worker, string how)
    {
        if (how == "stop")
            await worker.Host.StopAsync();
        else
            worker.Host.SignalWorker(Enum.Parse<PosixSignal>(how));
        await worker.Host.WorkerExited.WaitAsync(Cancel);
        await worker.Host.StopAsync(); // what a worker that ended with 0 leaves waiting is let go
    }

    private static async Task AssertAliveAsync(World world, string id, Dictionary<string, string?> settings)
    {
        await using var next = await WorkerUnderTest.StartAsync(world, settings);
        await AssertTokenAsync(world, next, id);
    }

    /// <summary>Asks until the connection's next token is there, which may be after the lease of the former attempt.</summary>
    private static async Task AssertTokenAsync(World world, WorkerUnderTest worker, string id)
    {
        await Eventually.UntilAsync(async () =>
        {
            using var answer = await worker.Caller.AskTokenAsync(id, 1);
            if (answer.StatusCode is System.Net.HttpStatusCode.ServiceUnavailable)
                return false;

            var token = await answer.JsonAsync();
            Assert.Contains(FinxSandbox.Calls.TokenHash.Of(token.Text("access_token")), world.Sandbox.Connections().SelectMany(family => family.LiveAccessTokens));
            return token.Number("generation") > 1;
        });
        Assert.Equal("active", (await worker.Caller.GetConnectionAsync(id)).Text("status"));
    }

    private static void SkipElsewhere() => Assert.SkipWhen(ExternalHost.Address is not null, "The host runs elsewhere, and is not ours to stop.");
}
