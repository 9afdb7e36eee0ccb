using System.Text.Json.Nodes;

namespace FinxSandbox.Tests.Wire;

public sealed class VaultFaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("vault.get")]
    [InlineData("vault.set")]
    [InlineData("vault.delete")]
    public async Task A_vault_refuses_for_a_minute(string operation)
    {
        await using var world = await World.StartAsync();
        await world.AddAsync($$"""{"kind":"answer","odd":"vault_throttled","operation":"{{operation}}"}""");
        await world.AddAsync($$"""{"kind":"answer","odd":"vault_forbidden","operation":"{{operation}}"}""");
        await world.AddAsync($$"""{"kind":"unknown","operation":"{{operation}}"}""");

        var throttled = await world.CallAsync(operation);
        var forbidden = await world.CallAsync(operation);
        var missing = await world.CallAsync(operation);

        Assert.Equal((429, "60"), (throttled.Status, throttled.Header("Retry-After")));
        Assert.Equal(403, forbidden.Status);
        Assert.Equal(404, missing.Status);
        Assert.Contains("(name/id) a was not found", missing.Text, StringComparison.Ordinal);
        Assert.All(world.Server.Journal.Of(operation), entry => Assert.False(entry.Acted));
        Assert.Equal(200, (await world.CallAsync(operation)).Status);
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("?purge=true", 404)]
    public async Task A_secret_is_lost_and_can_be_recovered_unless_it_was_purged(string query, int recovered)
    {
        await using var world = await World.StartAsync();

        var lost = await world.Client.Http.DeleteAsync($"/sandbox/vaults/0/secrets/a{query}", Cancel);
        var again = await world.Client.Http.DeleteAsync("/sandbox/vaults/0/secrets/other", Cancel);
        var missing = await world.CallAsync("vault.get");
        var recovery = await CallAsync(world, "POST", "/deletedsecrets/a/recover");

        Assert.Equal((204, 404), ((int)lost.StatusCode, (int)again.StatusCode));
        Assert.Equal((404, recovered), (missing.Status, recovery.Status));
        Assert.Equal(recovered, (await world.CallAsync("vault.get")).Status);
    }

    [Fact]
    public async Task A_vault_is_put_back_to_a_former_moment()
    {
        await using var world = await World.StartAsync();
        var first = Version(await world.CallAsync("vault.get"));
        world.Server.Clock.Advance(TimeSpan.FromHours(1));
        var moment = world.Server.Clock.GetUtcNow();
        world.Server.Clock.Advance(TimeSpan.FromHours(1));
        var second = Version(await world.CallAsync("vault.set"));
        await CallAsync(world, "PUT", "/secrets/b", """{"value":"new"}""");
        await world.CallAsync("vault.delete");

        var restored = await world.Client.PostAsync("/sandbox/vaults/0/restore", new() { ["to"] = moment.ToString("O") });

        Assert.Equal(204, (int)restored.StatusCode);
        Assert.Equal(first, Version(await world.CallAsync("vault.get")));
        Assert.Equal(404, (await CallAsync(world, "GET", $"/secrets/a/{second}")).Status);
        Assert.Equal(404, (await CallAsync(world, "GET", "/secrets/b")).Status);
    }

    [Fact]
    public async Task A_vault_that_is_not_there_is_neither_put_back_nor_robbed()
    {
        await using var world = await World.StartAsync();

        Assert.Equal(404, (int)(await world.Client.PostAsync("/sandbox/vaults/1/restore", new() { ["to"] = "2026-01-01T00:00:00Z" })).StatusCode);
        Assert.Equal(404, (int)(await world.Client.Http.DeleteAsync("/sandbox/vaults/x/secrets/a", Cancel)).StatusCode);
        Assert.Equal(400, (int)(await world.Client.PostAsync("/sandbox/vaults/0/restore", [])).StatusCode);
    }

    private static string Version(RawAnswer answer) => JsonNode.Parse(answer.Body)!["id"]!.GetValue<string>().Split('/')[^1];

    private static Task<RawAnswer> CallAsync(World world, string method, string path, string? body = null) =>
        world.CallAsync(world.Request("vault.get") with { Method = method, Path = $"{path}?api-version=7.5", Body = body });
}
