namespace FinxSandbox.Tests.Wire;

public sealed class SilenceTests
{
    [Theory]
    [MemberData(nameof(World.Operations), MemberType = typeof(World))]
    public async Task A_silent_call_is_accepted_and_gets_no_byte_until_the_rule_is_removed(string operation)
    {
        await using var world = await World.StartAsync();
        var fault = await world.AddAsync($$"""{"kind":"silence","operation":"{{operation}}","times":null}""");
        await using var connection = await world.OpenAsync(world.Request(operation));

        await connection.WriteAsync(world.Request(operation));
        var entry = await world.EntryAsync(operation);
        var reading = connection.ReadAsync();
        Assert.False(reading.IsCompleted);
        world.Server.Faults.Remove(fault.Id);
        var answer = await reading;

        Assert.Equal((true, false, null, fault.Id), (entry.Silent, entry.Acted, entry.Status, entry.Fault));
        Assert.Equal((null, 0), (answer.Status, answer.Body.Length));
        Assert.InRange((await world.CallAsync(operation)).Status!.Value, 200, 201);
    }

    [Fact]
    public async Task A_silent_call_can_act_all_the_same()
    {
        await using var world = await World.StartAsync();
        var fault = await world.AddAsync("""{"kind":"silence","operation":"token.refresh","acts":true}""");
        await using var connection = await world.OpenAsync(world.Request("token.refresh"));

        await connection.WriteAsync(world.Request("token.refresh"));
        var entry = await world.EntryAsync("token.refresh");
        world.Server.Faults.Remove(fault.Id);

        Assert.NotNull(entry.IssuedRefreshToken);
        Assert.False(world.IsAlive(world.Refresh));
        Assert.Null((await connection.ReadAsync()).Status);
    }

    [Fact]
    public async Task Silence_can_end_by_itself()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("""{"kind":"silence","operation":"data.*","delay_after":0.05}""");

        var answer = await world.CallAsync("data.accounts");

        Assert.Null(answer.Status);
        Assert.NotEqual(RawEnd.Complete, answer.End);
    }

    [Fact]
    public async Task Silence_lasts_for_a_while_by_the_sandbox_clock()
    {
        await using var world = await World.StartAsync();
        var fault = await world.AddAsync("""{"kind":"silence","operation":"token.refresh","times":null,"for":"PT30S","delay_after":0.01}""");

        Assert.Null((await world.CallAsync("token.refresh")).Status);
        world.Server.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.False(world.Server.Faults.IsActive(fault));
        Assert.Equal(200, (await world.CallAsync("token.refresh")).Status);
    }

    [Fact]
    public async Task A_body_can_stall_in_the_middle()
    {
        await using var world = await World.StartAsync();
        var fault = await world.AddAsync("""{"kind":"server_error","operation":"data.accounts","body":"{\"error\":{}}","stall_after":1}""");
        await using var connection = await world.OpenAsync(world.Request("token.refresh"));

        await connection.WriteAsync(world.Request("data.accounts"));
        await world.EntryAsync("data.accounts");
        var reading = connection.ReadAsync();
        Assert.False(reading.IsCompleted);
        world.Server.Faults.Remove(fault.Id);
        var answer = await reading;

        Assert.Equal((500, "{", "12"), (answer.Status, answer.Text, answer.Header("Content-Length")));
        Assert.NotEqual(RawEnd.Complete, answer.End);
    }
}
