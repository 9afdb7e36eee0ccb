using System.Text.Json.Nodes;
using FinxSandbox.Calls;
using FinxSandbox.Faults;

namespace FinxSandbox.Tests.Wire;

public sealed class ConditionTests
{
    [Theory]
    [InlineData("data.accounts", 401)]
    [InlineData("token.refresh", 400)]
    [InlineData("token.exchange", 400)]
    public async Task A_node_that_lags_does_not_know_a_young_token_and_knows_it_later(string operation, int status)
    {
        await using var world = await World.StartAsync();
        await world.AddAsync($$"""{"kind":"unknown","operation":"{{operation}}","younger_than":"PT1M","times":null}""");

        var early = await world.CallAsync(operation);
        world.Server.Clock.Advance(TimeSpan.FromMinutes(1));
        var late = await world.CallAsync(operation);

        Assert.Equal((status, 200), (early.Status, late.Status));
        Assert.Equal([(FaultKind.Unknown, false), (null, true)], world.Server.Journal.Of(operation).Select(entry => (entry.FaultKind, entry.Acted)));
    }

    [Fact]
    public async Task Only_some_nodes_lag()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("""{"kind":"unknown","operation":"data.*","younger_than":"P1D","times":null,"probability":0.5,"seed":3}""");

        var statuses = await StatusesAsync(world, 20);

        Assert.Contains(200, statuses);
        Assert.Contains(401, statuses);
    }

    [Fact]
    public async Task Every_refresh_is_refused_for_a_minute_and_every_token_stays_alive()
    {
        await using var world = await World.StartAsync();
        var (_, other) = await world.Client.ConnectAsync(new() { ["user_id"] = "user-2" });
        await world.AddAsync("""{"kind":"unknown","operation":"token.refresh","times":null,"for":"PT1M"}""");

        Assert.Equal(400, (await world.CallAsync("token.refresh")).Status);
        Assert.Equal(400, (int)(await world.Client.RefreshAsync(other)).StatusCode);
        Assert.True(world.IsAlive(world.Refresh) && world.IsAlive(other));
        world.Server.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(200, (await world.CallAsync("token.refresh")).Status);
        Assert.Equal(200, (int)(await world.Client.RefreshAsync(other)).StatusCode);
    }

    [Theory]
    [InlineData("links.create", 401, "1004")]
    [InlineData("token.exchange", 401, "1004")]
    [InlineData("token.refresh", 401, "1004")]
    [InlineData("token.revoke", 401, "1004")]
    [InlineData("vault.get", 403, "ForbiddenByRbac")]
    [InlineData("vault.set", 403, "ForbiddenByRbac")]
    [InlineData("vault.delete", 403, "ForbiddenByRbac")]
    public async Task The_client_is_refused(string operation, int status, string part)
    {
        await using var world = await World.StartAsync();
        await world.AddAsync($$"""{"kind":"bad_client","operation":"{{operation}}"}""");

        var answer = await world.CallAsync(operation);

        Assert.Equal(status, answer.Status);
        Assert.Contains(part, answer.Text, StringComparison.Ordinal);
        Assert.False(world.Entry(operation).Acted);
    }

    [Fact]
    public async Task Refreshes_are_throttled_while_exchanges_are_not()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("""{"kind":"throttle","operation":"token.refresh","times":null,"retry_after":40}""");

        var refresh = await world.CallAsync("token.refresh");

        Assert.Equal((429, "40"), (refresh.Status, refresh.Header("Retry-After")));
        Assert.Equal(200, (await world.CallAsync("token.exchange")).Status);
    }

    [Fact]
    public async Task A_wait_can_be_sent_as_a_date()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("""{"kind":"server_error","status":503,"operation":"data.*","retry_after":"P3650D","retry_after_is_date":true}""");

        var date = DateTimeOffset.ParseExact((await world.CallAsync("data.accounts")).Header("Retry-After")!, "R", null);

        Assert.InRange(date - world.Server.Clock.GetUtcNow(), TimeSpan.FromDays(3649), TimeSpan.FromDays(3651));
    }

    [Fact]
    public async Task A_rule_is_for_one_user_or_one_token()
    {
        await using var world = await World.StartAsync();
        var (otherAccess, otherRefresh) = await world.Client.ConnectAsync(new() { ["user_id"] = "user-2" });
        await world.AddAsync("""{"kind":"refuse","operation":"data.*","user":"user-2","times":null}""");
        await world.AddAsync("""{"kind":"refuse","operation":"links.*","user":"user-2","times":null}""");
        await world.AddAsync($$"""{"kind":"refuse","operation":"token.*","token":"{{TokenHash.Of(world.Refresh)}}","times":null}""");

        Assert.Equal(200, (await world.CallAsync("data.accounts")).Status);
        Assert.Equal(400, (int)(await world.Client.BearerAsync(otherAccess, "/rest/accounts")).StatusCode);
        Assert.Equal(201, (await world.CallAsync("links.create")).Status);
        Assert.Equal(400, (await world.CallAsync("token.refresh")).Status);
        Assert.Equal(200, (int)(await world.Client.RefreshAsync(otherRefresh)).StatusCode);
        Assert.Equal(TokenHash.Of(world.Refresh), world.Server.Journal.Of("token.refresh")[0].Presented);
    }

    [Fact]
    public async Task A_rule_begins_later_and_ends_by_the_sandbox_clock()
    {
        await using var world = await World.StartAsync();
        await world.AddAsync("""{"kind":"server_error","operation":"data.*","times":null,"after":"PT10M","for":"PT10M"}""");

        var before = (await world.CallAsync("data.accounts")).Status;
        world.Server.Clock.Advance(TimeSpan.FromMinutes(10));
        var within = (await world.CallAsync("data.accounts")).Status;
        world.Server.Clock.Advance(TimeSpan.FromMinutes(10));
        var behind = (await world.CallAsync("data.accounts")).Status;

        Assert.Equal((200, 500, 200), (before, within, behind));
    }

    [Fact]
    public async Task With_the_same_seed_the_same_calls_fail()
    {
        const string Rule = """{"kind":"server_error","operation":"data.*","times":null,"probability":0.3,"seed":11}""";
        await using var world = await World.StartAsync();

        await world.AddAsync(Rule);
        var first = await StatusesAsync(world, 30);
        world.Server.Faults.Clear();
        await world.AddAsync(Rule);
        var second = await StatusesAsync(world, 30);

        Assert.Equal(first, second);
        Assert.InRange(first.Count(status => status is 500), 1, 29);
    }

    [Theory]
    [InlineData("""{"kind":"answer","odd":"no such thing"}""")]
    [InlineData("""{"kind":"refuse","odd":"bom"}""")]
    [InlineData("""{"kind":"answer","odd":"bom","acts":false}""")]
    [InlineData("""{"kind":"slow","acts":false}""")]
    [InlineData("""{"kind":"slow","probability":2}""")]
    [InlineData("""{"kind":"answer","cut_after":-1}""")]
    [InlineData("""{"kind":"answer","cut_after":1,"stall_after":1}""")]
    [InlineData("""{"kind":"answer","body_base64":"%"}""")]
    public async Task A_rule_that_contradicts_itself_is_refused(string rule)
    {
        await using var world = await World.StartAsync();

        var refused = await world.Client.PostAsync("/sandbox/faults", JsonNode.Parse(rule)!.AsObject());

        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Empty(world.Server.Faults.Active);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(501)]
    [InlineData(302)]
    public async Task A_revocation_is_answered_with_any_status_whether_it_acted_or_not(int status)
    {
        await using var world = await World.StartAsync();
        await world.AddAsync($$"""{"kind":"refuse","operation":"token.revoke","status":{{status}}}""");
        await world.AddAsync($$"""{"kind":"refuse","operation":"token.revoke","status":{{status}},"acts":true}""");

        Assert.Equal((status, true), ((await world.CallAsync("token.revoke")).Status, world.IsAlive(world.Refresh)));
        Assert.Equal((status, false), ((await world.CallAsync("token.revoke")).Status, world.IsAlive(world.Refresh)));
    }

    private static async Task<IReadOnlyList<int?>> StatusesAsync(World world, int calls)
    {
        List<int?> statuses = [];
        for (var call = 0; call < calls; call++)
            statuses.Add((await world.CallAsync("data.accounts")).Status);
        return statuses;
    }
}
