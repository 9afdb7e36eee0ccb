using System.Net;
using FinxFunctions.Tests.Faults.Proof;
using FinxSandbox;
using FinxSandbox.Calls;

namespace FinxFunctions.Tests.Faults.SingleFlight;

/// <summary>A thousand callers at three processes want a token of the same connection, at the moment when the last one is over.</summary>
[Collection("Faults")]
public sealed class SingleFlightTests(Storage storage, ITestOutputHelper output)
{
    private const int Callers = 1_000;

    private static readonly TimeSpan Life = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(2);

    private static readonly (string, string)[] Settings =
    [
        ("Finx:TokenTimeout", "00:00:20"),
        ("Tokens:Lease", "00:00:40"),
        ("Tokens:WaitLimit", WaitLimit.ToString()),
    ];

    [Theory(DisableParallelization = true)]
    [InlineData(0.5)]
    [InlineData(5)] // longer than anybody waits
    public async Task A_thousand_callers_at_three_processes_cost_one_call_to_finX(double secondsAtFinx)
    {
        await using var world = await World.StartAsync(storage, new SandboxOptions());
        var hosts = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => world.AddAsync(Settings)));
        foreach (var host in hosts)
            await CallerActions.ConnectAsync(world, host.Caller, "user"); // the first time takes longer

        world.Sandbox.Options = world.Sandbox.Options with { AccessTokenLifetime = Life };
        var id = await CallerActions.ConnectAsync(world, hosts[0].Caller, "user");
        var former = await Task.WhenAll(hosts.Select(host => host.Caller.TokenAsync(id)));
        Assert.All(former, reply => Assert.Equal("1", reply["generation"]));
        world.Sandbox.Options = world.Sandbox.Options with { AccessTokenLifetime = TimeSpan.FromHours(1) };
        await Task.Delay(Life, TestContext.Current.CancellationToken);
        await world.Proxy.QuietAsync(TimeSpan.FromMilliseconds(400));
        world.Begin();
        world.Proxy.Arriving = async call =>
        {
            await Task.Delay(call.IsTokenCall ? TimeSpan.FromSeconds(secondsAtFinx) : TimeSpan.Zero);
            return true;
        };

        var replies = await Task.WhenAll(Enumerable.Range(0, Callers).Select(number => Task.Run(() => hosts[number % hosts.Length].Caller.TokenAsync(id))));
        await world.Proxy.QuietAsync(TimeSpan.FromMilliseconds(400));
        var tables = world.Proxy.Calls.Count(call => call.Service == "tables");

        var (granted, others) = (replies.Where(reply => reply.Status is HttpStatusCode.OK).ToList(), replies.Where(reply => reply.Status is not HttpStatusCode.OK).ToList());
        output.WriteLine($"finX takes {secondsAtFinx} s: {granted.Count} of {Callers} got the new token, {others.Count} were told to come again, {tables} calls to tables, {world.Proxy.Calls.Count(call => call.Service == "vault")} to the vault.");
        Assert.NotEmpty(granted);
        Assert.All(others, reply =>
        {
            Assert.Equal("busy", reply["code"]);
            Assert.InRange(reply.RetryAfter!.Value.TotalSeconds, 1, 2);
        });
        Assert.Equal(secondsAtFinx < WaitLimit.TotalSeconds, others.Count == 0);

        // Each process reads while it waits, a few times; not each caller.
        Assert.InRange(tables, 1, 10 + (hosts.Length * 12));

        // Who came again has it, too.
        var afterwards = await Task.WhenAll(hosts.Select(host => host.Caller.TokenAsync(id)));
        var token = Assert.Single(granted.Concat(afterwards).Select(reply => (reply.Status, reply["generation"], reply["access_token"])).Distinct());
        Assert.Equal((HttpStatusCode.OK, "2"), (token.Status, token.Item2));
        Assert.Equal(TokenHash.Of(token.Item3!), Assert.Single(world.Sandbox.Journal.Of("token.refresh")).IssuedAccessToken);
    }
}
