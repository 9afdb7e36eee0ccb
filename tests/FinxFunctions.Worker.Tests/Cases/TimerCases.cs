using FinxFunctions.Worker.Tests.Hosts;
using FinxFunctions.Worker.Tests.Running;
using FinxSandbox.Faults;

namespace FinxFunctions.Worker.Tests.Cases;

/// <summary>The timer that keeps tokens alive. Its tokens are due three seconds after they came.</summary>
public sealed class TimerCases(SharedHosts hosts) : HostCases(hosts)
{
    private static readonly Dictionary<string, string?> SoonDue = new()
    {
        ["Finx__RefreshTokenLifetime"] = "00:05:00",
        ["Tokens__RotateAfter"] = "0.01",
        ["Tokens__RotateJitter"] = "0",
    };

    [Theory, OnEachHost]
    public async Task The_timer_runs_on_its_schedule(HostKind kind)
    {
        await using var world = await World.StartAsync(Hosts.Tables);
        await using var host = await HostUnderTest.StartAsync(kind, world, new(SoonDue) { ["RotationSchedule"] = "* * * * * *" });
        var rotated = Watch(world);

        var id = await host.Caller.ConnectAsync();
        await rotated.Reached.WaitAsync(Cancel);

        using var token = await host.Caller.AskTokenAsync(id);
        Assert.InRange((await token.JsonAsync()).Number("generation"), 1, int.MaxValue);
        Assert.NotEmpty(world.Sandbox.Journal.Of("token.refresh"));
    }

    [Theory, OnEachHost]
    public async Task The_timer_runs_when_told(HostKind kind)
    {
        await using var world = await World.StartAsync(Hosts.Tables);
        await using var host = await HostUnderTest.StartAsync(kind, world, SoonDue);
        var id = await host.Caller.ConnectAsync();
        var rotated = Watch(world);
        await DueAsync(host.Caller, id);

        await host.Caller.FireTimerAsync();
        await rotated.Reached.WaitAsync(Cancel);

        using var token = await host.Caller.AskTokenAsync(id, 1);
        Assert.Equal(2, (await token.JsonAsync()).Number("generation"));
        Assert.Single(world.Sandbox.Journal.Of("token.refresh"));
    }

    [Theory, OnEachHost]
    public async Task What_is_not_due_is_left_alone(HostKind kind)
    {
        await using var world = await World.StartAsync(Hosts.Tables);
        await using var host = await HostUnderTest.StartAsync(kind, world, new() { ["Logging__LogLevel__Default"] = "Information" });
        await host.Caller.ConnectAsync();

        await host.Caller.FireTimerAsync();
        await (host.Log ?? host.Output!).WaitForAsync(line => line.Contains("Tick: ", StringComparison.Ordinal), Cancel);

        Assert.Empty(world.Sandbox.Journal.Of("token.refresh"));
    }

    /// <summary>Waits for the instant at which the connection becomes due.</summary>
    private static async Task DueAsync(Caller caller, string id)
    {
        var due = (await caller.GetConnectionAsync(id))["next_rotation_at"]!.GetValue<DateTimeOffset>() - DateTimeOffset.UtcNow;
        if (due > TimeSpan.Zero)
            await Task.Delay(due + TimeSpan.FromMilliseconds(10), Cancel);
    }

    /// <summary>Tells when the timer's refresh reaches finX, and lets it pass.</summary>
    private static ActiveFault Watch(World world) => world.Sandbox.Faults.Add(new() { Kind = FaultKind.Slow, Operation = "token.refresh" });
}
