namespace FinxSandbox.Tests.Wire;

public sealed class ConnectionTests
{
    [Theory]
    [MemberData(nameof(World.Operations), MemberType = typeof(World))]
    public async Task A_connection_is_lost_before_the_call_acts(string operation)
    {
        await using var world = await World.StartAsync();
        await world.AddAsync($$"""{"kind":"drop_before","operation":"{{operation}}"}""");

        var answer = await world.CallAsync(operation);

        Assert.Equal((null, 0), (answer.Status, answer.Body.Length));
        Assert.Equal((false, true), (world.Entry(operation).Acted, world.Entry(operation).Dropped));
        Assert.True(world.IsAlive(world.Refresh));
    }

    [Theory]
    [MemberData(nameof(World.Operations), MemberType = typeof(World))]
    public async Task A_connection_is_lost_after_the_call_acted(string operation)
    {
        await using var world = await World.StartAsync();
        await world.AddAsync($$"""{"kind":"drop_after","operation":"{{operation}}"}""");

        var answer = await world.CallAsync(operation);

        Assert.Equal((null, 0), (answer.Status, answer.Body.Length));
        Assert.Equal((true, true), (world.Entry(operation).Acted, world.Entry(operation).Dropped));
        Assert.Equal(operation is not ("token.refresh" or "token.revoke"), world.IsAlive(world.Refresh));
    }

    [Fact]
    public async Task A_connection_that_is_dropped_is_reset()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("""{"kind":"drop_before","operation":"data.accounts"}""");

        Assert.Equal(RawEnd.Reset, (await world.CallAsync("data.accounts")).End);
    }

    [Theory]
    [InlineData("token.refresh")]
    [InlineData("data.accounts")]
    [InlineData("vault.get")]
    public async Task A_kept_connection_is_closed_when_the_next_request_arrives(string operation)
    {
        await using var world = await World.StartAsync();
        var request = world.Request(operation);
        await world.AddAsync($$"""{"kind":"drop_before","operation":"{{operation}}","reused":true,"times":null}""");
        await using var kept = await world.OpenAsync(request);

        await kept.WriteAsync(request with { Method = "GET", Path = "/nothing" });
        Assert.Equal(RawEnd.Complete, (await kept.ReadAsync()).End);
        await kept.WriteAsync(request);
        var closed = await kept.ReadAsync();
        var fresh = await world.CallAsync(operation);

        Assert.Equal((null, 200), (closed.Status, fresh.Status));
        Assert.Equal([(2, false), (1, true)], world.Server.Journal.Of(operation).Select(entry => (entry.CallOnConnection, entry.Acted)));
    }

    [Fact]
    public async Task A_body_is_cut_where_its_length_says_that_more_follows()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("""{"kind":"answer","operation":"token.refresh","cut_after":10}""");

        var answer = await world.CallAsync("token.refresh");

        Assert.Equal((200, "{\"access_t", RawEnd.Closed), (answer.Status, answer.Text, answer.End));
        Assert.True(world.Entry("token.refresh").Acted);
    }

    [Fact]
    public async Task An_answer_comes_late_whether_it_is_held_before_or_after_acting()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("""{"kind":"slow","operation":"token.refresh","delay_before":0.02,"delay_after":0.02}""");
        await world.AddAsync("""{"kind":"slow","operation":"vault.*","delay_after":0.02}""");

        Assert.Equal(200, (await world.CallAsync("token.refresh")).Status);
        Assert.Equal(200, (await world.CallAsync("vault.set")).Status);
        Assert.All(["token.refresh", "vault.set"], operation => Assert.Equal(Faults.FaultKind.Slow, world.Entry(operation).FaultKind));
    }
}
