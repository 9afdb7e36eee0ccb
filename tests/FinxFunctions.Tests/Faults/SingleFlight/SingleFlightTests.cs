using System.Net;
using FinxFunctions.Tests.Faults.Proof;
using FinxSandbox;
using FinxSandbox.Calls;

namespace FinxFunctions.Tests.Faults.SingleFlight;

/// <summary>Many callers at three processes want a token of the same connection when the last one has expired.</summary>
[Collection("Faults")]
public sealed class SingleFlightTests(Storage storage, ITestOutputHelper output)
{
    private readonly List<int> _refreshes = [];

    [Fact(DisableParallelization = true)]
    public Task Many_callers_at_three_processes_cost_one_call_to_finX() => RunAsync(callers: 60, secondsAtFinx: 0.5);

    [Fact(Explicit = true, DisableParallelization = true)]
    public async Task A_thousand_callers_at_three_processes_cost_one_call_to_finX()
    {
        await RunAsync(callers: 1_000, secondsAtFinx: 0.5);
        await RunAsync(callers: 1_000, secondsAtFinx: 5); // longer than a caller waits
    }

    private async Task RunAsync(int callers, double secondsAtFinx)
    {
        await SlowMachine.RepeatAsync(factor => AskAsync(callers, secondsAtFinx, factor));

        // This holds on a slow machine, too.
        Assert.All(_refreshes, refreshes => Assert.Equal(1, refreshes));
    }

    private async Task AskAsync(int callers, double secondsAtFinx, double factor)
    {
        var life = TimeSpan.FromSeconds(8) * factor;
        var waitLimit = TimeSpan.FromSeconds(2) * factor;
        var delay = TimeSpan.FromSeconds(secondsAtFinx) * factor;
        var stillness = TimeSpan.FromMilliseconds(400) * factor;
        (string, string)[] settings = [("Finx:TokenTimeout", "00:01:00"), ("Tokens:Lease", "00:10:00"), ("Tokens:WaitLimit", waitLimit.ToString())];
        await using var world = await World.StartAsync(storage, new SandboxOptions());
        var hosts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => world.AddAsync(settings)));
        foreach (var host in hosts)
            await CallerActions.ConnectAsync(world, host.Caller, "user"); // the first time takes longer

        world.Sandbox.Options = world.Sandbox.Options with { AccessTokenLifetime = life };
        var id = await CallerActions.ConnectAsync(world, hosts[0].Caller, "user");
        var former = await Task.WhenAll(hosts.Select(host => host.Caller.TokenAsync(id)));
        Assert.All(former, reply => Assert.Equal("1", reply["generation"]));
        world.Sandbox.Options = world.Sandbox.Options with { AccessTokenLifetime = TimeSpan.FromHours(1) };
        await Task.Delay(life, TestContext.Current.CancellationToken);
        await world.Proxy.QuietAsync(stillness);
        world.Begin();
        world.Proxy.Arriving = async call =>
        {
            await Task.Delay(call.IsTokenCall ? delay : TimeSpan.Zero);
            return true;
        };

        var replies = await Task.WhenAll(Enumerable.Range(0, callers).Select(number => Task.Run(() => hosts[number % hosts.Length].Caller.TokenAsync(id))));
        await Task.Delay(delay > waitLimit ? delay : TimeSpan.Zero, TestContext.Current.CancellationToken); // the refresh goes on behind
        await world.Proxy.QuietAsync(stillness);
        _refreshes.Add(world.Sandbox.Journal.Of("token.refresh").Count);
        var tables = world.Proxy.Calls.Count(call => call.Service == "tables");

        var (granted, others) = (replies.Where(reply => reply.Status is HttpStatusCode.OK).ToList(), replies.Where(reply => reply.Status is not HttpStatusCode.OK).ToList());
        output.WriteLine($"finX takes {delay}: {granted.Count} of {callers} got the new token, {others.Count} were asked to come again, {tables} calls to tables, {world.Proxy.Calls.Count(call => call.Service == "vault")} to the vault.");

        // No caller waits longer than the limit, the one whose request began the refresh included.
        Assert.Equal(delay < waitLimit, granted.Count > 0);
        Assert.All(others, reply =>
        {
            Assert.Equal("busy", reply["code"]);
            Assert.InRange(reply.RetryAfter!.Value.TotalSeconds, 1, 2);
        });
        Assert.Equal(delay < waitLimit, others.Count == 0);

        // Each process reads a few times while it waits; not each caller.
        Assert.InRange(tables, 1, 10 + (hosts.Length * 12 * (int)factor));

        // Who asks again has it, too.
        var afterwards = await Task.WhenAll(hosts.Select(host => host.Caller.TokenAsync(id)));
        var token = Assert.Single(granted.Concat(afterwards).Select(reply => (reply.Status, reply["generation"], reply["access_token"])).Distinct());
        Assert.Equal((HttpStatusCode.OK, "2"), (token.Status, token.Item2));
        Assert.Equal(TokenHash.Of(token.Item3!), Assert.Single(world.Sandbox.Journal.Of("token.refresh")).IssuedAccessToken);
    }
}
