using System.Diagnostics;
using System.Net;
using FinxFunctions.StandIns;
using FinxFunctions.Tests.Faults.Proof;
using FinxSandbox;

namespace FinxFunctions.Tests.Faults.RemoteCalls;

/// <summary>How many calls each operation makes, and how many of them its caller waits for one after the other: counted on the wire, with the calls held up.</summary>
[Collection("Faults")]
public sealed class RemoteCallTests(Storage storage, ITestOutputHelper output)
{
    private TimeSpan _delay;
    private TimeSpan _stillness;

    [Fact(DisableParallelization = true)]
    public Task Callers_wait_for_no_more_calls_than_the_work_needs() => SlowMachine.RepeatAsync(CountAsync);

    private async Task CountAsync(double factor)
    {
        (_delay, _stillness) = (TimeSpan.FromMilliseconds(60) * factor, TimeSpan.FromMilliseconds(240) * factor);
        var due = TimeSpan.FromSeconds(3) * factor; // a hundredth of a refresh token's life
        await using var world = await World.StartAsync(storage, new SandboxOptions());
        (string, string)[] settings = [("Finx:TokenTimeout", "00:01:00"), ("Tokens:Lease", "00:10:00"), ("Tokens:WaitLimit", "00:01:00"), ("Audit:ConnectionString", world.Proxy.Settings()["Tables:ConnectionString"]!)];
        var hosts = await Task.WhenAll(
            world.AddAsync(settings),
            world.AddAsync(settings),
            world.AddAsync([.. settings, ("Finx:RefreshTokenLifetime", (due * 100).ToString()), ("Tokens:RotateAfter", "0.01"), ("Tokens:RotateJitter", "0")]));
        var (host, other, hasty) = (hosts[0].Caller, hosts[1].Caller, hosts[2].Caller);

        // Connections to the services, keys, the tables themselves: each process gets these once.
        // A connection is refreshed by force once a minute, so each of these has one of its own.
        foreach (var caller in (Caller[])[host, other])
        {
            var first = await CallerActions.ConnectAsync(world, host, "user");
            await ExpectAsync(HttpStatusCode.OK, caller.TokenAsync(first, rejected: 1));
            await ExpectAsync(HttpStatusCode.OK, caller.AccountsAsync(first));
        }

        var cool = await CallerActions.ConnectAsync(world, host, "user");

        Reply link = null!;
        var created = await MeasureAsync(world, "create a link", async () => link = await ExpectAsync(HttpStatusCode.Created, host.CreateLinkAsync("user")));
        var id = link["connection_id"]!;
        var callback = await MeasureAsync(world, "callback", () => ExpectAsync(HttpStatusCode.SeeOther, host.ReturnAsync(world.Sandbox.Finish(link["flow_id"]!)!)));
        var cold = await MeasureAsync(world, "get a token: not in memory", () => ExpectAsync(HttpStatusCode.OK, host.TokenAsync(id)));
        var warm = await MeasureAsync(world, "get a token: in memory", () => ExpectAsync(HttpStatusCode.OK, host.TokenAsync(id)));
        var refreshed = await MeasureAsync(world, "get a token: in memory, refused by finX", () => ExpectAsync(HttpStatusCode.OK, host.TokenAsync(id, rejected: 1)));
        var refreshedCold = await MeasureAsync(world, "get a token: not in memory, refused by finX", () => ExpectAsync(HttpStatusCode.OK, other.TokenAsync(cool, rejected: 1)));
        var warmData = await MeasureAsync(world, "accounts: token in memory", () => ExpectAsync(HttpStatusCode.OK, other.AccountsAsync(cool)));
        var another = await CallerActions.ConnectAsync(world, host, "user");
        var data = await MeasureAsync(world, "accounts: token not in memory", () => ExpectAsync(HttpStatusCode.OK, other.AccountsAsync(another)));
        var renewal = await MeasureAsync(world, "create a link to renew", async () => link = await ExpectAsync(HttpStatusCode.Created, host.CreateLinkAsync("user", id)));
        var renewed = await MeasureAsync(world, "callback of a renewal", () => ExpectAsync(HttpStatusCode.SeeOther, host.ReturnAsync(world.Sandbox.Finish(link["flow_id"]!)!)));
        var deleted = await MeasureAsync(world, "delete", () => ExpectAsync(HttpStatusCode.NoContent, host.DeleteAsync(id)));
        var idle = await MeasureAsync(world, "tick: nothing due", () => TickAsync(world, host));
        await CallerActions.ConnectAsync(world, hasty, "user");
        await Task.Delay(due, TestContext.Current.CancellationToken);
        var tick = await MeasureAsync(world, "tick: one due", () => TickAsync(world, hasty));

        RemoteCalls[] all = [created, callback, cold, warm, refreshed, refreshedCold, warmData, data, renewal, renewed, deleted, idle, tick];
        output.WriteLine(RemoteCalls.Head);
        foreach (var calls in all)
            output.WriteLine(calls.ToString());

        Assert.DoesNotContain(warm.Calls, call => !call.IsAudit);
        Assert.Equal((1, 1, 0), cold.Depth);
        AssertAtMost((1 + 3, 1, 1), refreshed.Depth);
        AssertAtMost((1 + 3, 1 + 1, 1), refreshedCold.Depth);
        AssertAtMost((1, 0, 1), created.Depth);
        AssertAtMost((6, 1, 1), callback.Depth);
        AssertAtMost((3, 0, 1), renewal.Depth);
        AssertAtMost((6, 1, 1), renewed.Depth);
        Assert.Equal((0, 0, 1), warmData.Depth);
        Assert.Equal((1, 1, 1), data.Depth);

        // The figures in infra/README.md are computed from these.
        Assert.Equal(CallsPerOperation.Refresh, PerOperation(refreshedCold));
        Assert.Equal(CallsPerOperation.TimerRefresh, PerOperation(tick) - PerOperation(idle));
        Assert.Equal(CallsPerOperation.ColdRead, PerOperation(data));
    }

    private static CallsPerOperation PerOperation(RemoteCalls calls) => new(calls.Tables, calls.Audit, calls.VaultReads, calls.VaultSets, calls.Finx);

    private static void AssertAtMost((int Tables, int Vault, int Finx) most, (int Tables, int Vault, int Finx) depth) =>
        Assert.True(depth.Tables <= most.Tables && depth.Vault <= most.Vault && depth.Finx <= most.Finx, $"One after the other: {depth}, at most {most}.");

    private async Task<RemoteCalls> MeasureAsync(World world, string operation, Func<Task> act)
    {
        await world.Proxy.QuietAsync(_stillness);
        world.Proxy.Restart();
        world.Proxy.Arriving = async call =>
        {
            // The last thing that a caller waits for is the audit trail. What runs behind the answer, beside it, must take longer.
            if (!call.IsAudit)
                await Task.Delay(_delay);

            return true;
        };
        await act();
        var answeredAt = Stopwatch.GetTimestamp();
        await world.Proxy.QuietAsync(_stillness);
        world.Proxy.Arriving = null;
        return RemoteCalls.Of(operation, world.Proxy.Calls, answeredAt);
    }

    /// <summary>The answer comes before the tick begins.</summary>
    private async Task TickAsync(World world, Caller caller)
    {
        await caller.TickAsync();
        await World.WithinAsync(SlowMachine.HangLimit, () => Task.FromResult(world.Proxy.Calls.Count > 0));
        await world.Proxy.QuietAsync(_stillness);
    }

    private static async Task<Reply> ExpectAsync(HttpStatusCode status, Task<Reply> asked)
    {
        var reply = await asked;
        Assert.True(reply.Status == status, $"{(int)status} was expected, but {reply} came.");
        return reply;
    }
}
