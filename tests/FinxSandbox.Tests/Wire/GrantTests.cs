using System.Globalization;
using System.Text.Json.Nodes;

namespace FinxSandbox.Tests.Wire;

public sealed class GrantTests
{
    [Theory]
    [InlineData("refresh_token_expires_in")]
    [InlineData("refresh_expires_in")]
    [InlineData("refreshTokenExpiresIn")]
    public async Task The_life_of_a_refresh_token_is_stated_in_any_spelling(string field)
    {
        await using var world = await World.StartAsync(new SandboxOptions { RefreshLifetimeField = field, RefreshTokenLifetime = TimeSpan.FromDays(30) });

        var exchanged = JsonNode.Parse((await world.CallAsync("token.exchange")).Body)!;
        var refreshed = JsonNode.Parse((await world.CallAsync("token.refresh")).Body)!;

        Assert.Equal(2_592_000, exchanged[field]!.GetValue<int>());
        Assert.Equal(2_592_000, refreshed[field]!.GetValue<int>());
    }

    [Fact]
    public async Task No_life_is_stated_unless_it_is_asked_for_nor_where_there_is_no_new_refresh_token()
    {
        await using var silent = await World.StartAsync();
        await using var keeping = await World.StartAsync(new SandboxOptions { RefreshLifetimeField = "refresh_expires_in", RotatesRefreshToken = false });

        Assert.DoesNotContain("refresh_expires_in", (await silent.CallAsync("token.refresh")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh_expires_in", (await keeping.CallAsync("token.refresh")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_consent_kills_the_user_s_older_tokens_where_a_user_has_one_grant(bool oneGrant)
    {
        await using var world = await World.StartAsync();
        var (_, other) = await world.Client.ConnectAsync(new() { ["user_id"] = "user-2" });
        await world.Client.Http.PatchAsync("/sandbox/options", new StringContent($$"""{"one_grant_per_user":{{(oneGrant ? "true" : "false")}}}"""), TestContext.Current.CancellationToken);

        var (_, newer) = await world.Client.ConnectAsync();

        Assert.Equal(!oneGrant, world.IsAlive(world.Refresh));
        Assert.Equal(oneGrant ? 400 : 200, (await world.CallAsync("token.refresh")).Status);
        Assert.Equal(oneGrant ? 401 : 200, (await world.CallAsync("data.accounts")).Status);
        Assert.True(world.IsAlive(newer) && world.IsAlive(other));
    }

    [Fact]
    public async Task FinX_s_clock_is_wrong_in_its_Date_header_and_in_when_its_tokens_expire()
    {
        await using var world = await World.StartAsync();
        var right = Date(await world.CallAsync("data.accounts"));

        await world.Client.Http.PatchAsync("/sandbox/options", new StringContent("""{"clock_skew":"PT2H"}"""), TestContext.Current.CancellationToken);
        var wrong = await world.CallAsync("data.accounts");

        Assert.InRange(Date(wrong) - right, TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1), TimeSpan.FromHours(3));
        Assert.Equal(401, wrong.Status);
        Assert.Equal(200, (await world.CallAsync("token.refresh")).Status);
    }

    [Fact]
    public async Task The_Date_header_is_the_sandbox_s_time_or_the_one_that_a_rule_gives()
    {
        await using var world = await World.StartAsync();
        world.Server.Clock.Advance(TimeSpan.FromDays(45));
        await world.AddAsync("""{"kind":"slow","operation":"data.*","headers":{"Date":"Thu, 01 Jan 1970 00:00:00 GMT"}}""");

        Assert.Equal(DateTimeOffset.UnixEpoch, Date(await world.CallAsync("data.accounts")));
        Assert.InRange(world.Server.Clock.GetUtcNow() - Date(await world.CallAsync("data.accounts")), TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    private static DateTimeOffset Date(RawAnswer answer) => DateTimeOffset.ParseExact(answer.Header("Date")!, "R", CultureInfo.InvariantCulture);
}
