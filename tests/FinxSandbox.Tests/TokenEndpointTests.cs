using System.Net;
using System.Text.Json.Nodes;
using FinxSandbox.Calls;
using FinxSandbox.Finx.Tokens;

namespace FinxSandbox.Tests;

public sealed class TokenEndpointTests
{
    [Fact]
    public async Task A_code_gives_a_pair_once()
    {
        await using var client = await Client.StartAsync();
        var code = await client.CodeAsync();

        var first = await client.ExchangeAsync(code);
        var second = await client.ExchangeAsync(code);

        var body = await Client.JsonAsync(first);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.True(first.Headers.CacheControl!.NoStore);
        Assert.Equal("Bearer", body["token_type"]!.GetValue<string>());
        Assert.Equal(3600, body["expires_in"]!.GetValue<int>());
        Assert.Equal("accounts=ro balance=ro transactions=ro offline", body["scope"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
        Assert.Equal(1003, (await Client.JsonAsync(second))["error"]!["code"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_code_dies_after_its_lifetime()
    {
        await using var client = await Client.StartAsync();
        var code = await client.CodeAsync();

        client.Server.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(HttpStatusCode.BadRequest, (await client.ExchangeAsync(code)).StatusCode);
    }

    [Fact]
    public async Task A_refresh_token_is_for_one_use()
    {
        await using var client = await Client.StartAsync();
        var (_, first) = await client.ConnectAsync();

        var (_, second) = Client.Pair(await Client.JsonAsync(await client.RefreshAsync(first)));
        var reuse = await client.RefreshAsync(first);
        var next = await client.RefreshAsync(second);

        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.BadRequest, reuse.StatusCode);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Of_many_refreshes_at_once_one_wins()
    {
        await using var client = await Client.StartAsync();
        var (_, token) = await client.ConnectAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => client.RefreshAsync(token)));

        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Assert.Single(client.Server.Connections()[0].LiveRefreshTokens);
    }

    [Fact]
    public async Task In_grace_a_used_token_gives_a_fresh_pair_and_only_the_newest_lineage_lives()
    {
        await using var client = await Client.StartAsync(new SandboxOptions { RefreshTokenReuse = RefreshTokenReuse.Grace });
        var (_, first) = await client.ConnectAsync();

        var (_, lost) = Client.Pair(await Client.JsonAsync(await client.RefreshAsync(first)));
        var (_, stillValid) = Client.Pair(await Client.JsonAsync(await client.RefreshAsync(first)));

        Assert.Equal(HttpStatusCode.BadRequest, (await client.RefreshAsync(lost)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(stillValid)).StatusCode);
        client.Server.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.RefreshAsync(first)).StatusCode);
    }

    [Fact]
    public async Task Grace_counts_from_the_first_use()
    {
        await using var client = await Client.StartAsync(new SandboxOptions { RefreshTokenReuse = RefreshTokenReuse.Grace });
        var (_, token) = await client.ConnectAsync();
        await client.RefreshAsync(token);
        client.Server.Clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(token)).StatusCode);

        client.Server.Clock.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal(HttpStatusCode.BadRequest, (await client.RefreshAsync(token)).StatusCode);
    }

    [Fact]
    public async Task Reuse_can_revoke_the_family()
    {
        await using var client = await Client.StartAsync(new SandboxOptions { RefreshTokenReuse = RefreshTokenReuse.RevokeFamily });
        var (_, first) = await client.ConnectAsync();
        var (access, second) = Client.Pair(await Client.JsonAsync(await client.RefreshAsync(first)));

        await client.RefreshAsync(first);

        Assert.Equal(HttpStatusCode.BadRequest, (await client.RefreshAsync(second)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.BearerAsync(access, "/rest/accounts")).StatusCode);
        Assert.True(client.Server.Connections()[0].Revoked);
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK)]
    [InlineData(false, HttpStatusCode.BadRequest)]
    public async Task Rotation_restarts_the_90_days_or_does_not(bool restarts, HttpStatusCode expected)
    {
        await using var client = await Client.StartAsync(new SandboxOptions { RotationRestartsLifetime = restarts });
        var (_, first) = await client.ConnectAsync();
        client.Server.Clock.Advance(TimeSpan.FromDays(60));
        var (_, second) = Client.Pair(await Client.JsonAsync(await client.RefreshAsync(first)));

        client.Server.Clock.Advance(TimeSpan.FromDays(60));

        Assert.Equal(expected, (await client.RefreshAsync(second)).StatusCode);
    }

    [Fact]
    public async Task Without_rotation_the_token_stays_good()
    {
        await using var client = await Client.StartAsync(new SandboxOptions { RotatesRefreshToken = false });
        var (_, token) = await client.ConnectAsync();

        var first = await Client.JsonAsync(await client.RefreshAsync(token));
        var second = await client.RefreshAsync(token);

        Assert.False(first.ContainsKey("refresh_token"));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact]
    public async Task Expiry_and_scope_can_be_left_out()
    {
        await using var client = await Client.StartAsync(new SandboxOptions { OmitExpiresIn = true, OmitScope = true });

        var body = await Client.JsonAsync(await client.ExchangeAsync(await client.CodeAsync()));

        Assert.Equal(["access_token", "token_type", "refresh_token"], body.Select(pair => pair.Key));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4_000)]
    [InlineData(25_000)]
    public async Task Tokens_have_any_length_and_differ(int length)
    {
        await using var client = await Client.StartAsync(new SandboxOptions { AccessTokenLength = length, RefreshTokenLength = length, CodeLength = length });
        var seen = new HashSet<string>();

        var (_, token) = await client.ConnectAsync();
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(length, token.Length);
            Assert.True(seen.Add(token));
            (_, token) = Client.Pair(await Client.JsonAsync(await client.RefreshAsync(token)));
        }
    }

    [Fact]
    public async Task The_wrong_client_gets_401_and_1004_and_redeems_nothing()
    {
        await using var client = await Client.StartAsync();
        var (_, token) = await client.ConnectAsync();

        client.Http.DefaultRequestHeaders.Authorization = Client.Basic("sandbox-client", "wrong");
        var refused = await client.RefreshAsync(token);
        client.Http.DefaultRequestHeaders.Authorization = Client.Basic("sandbox-client", "sandbox-secret");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("Basic", Assert.Single(refused.Headers.WwwAuthenticate).Scheme);
        Assert.Equal(1004, (await Client.JsonAsync(refused))["error"]!["code"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(token)).StatusCode);
    }

    [Theory]
    [InlineData(TokenErrorShape.Finx, """{"error":{"code":1003,""")]
    [InlineData(TokenErrorShape.Rfc6749, """{"error":"invalid_grant",""")]
    public async Task A_refusal_has_either_shape(TokenErrorShape shape, string start)
    {
        await using var client = await Client.StartAsync(new SandboxOptions { TokenErrorShape = shape, TokenRefusalStatus = 403 });

        var refused = await client.RefreshAsync("never issued");

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.StartsWith(start, await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", "grant_type")]
    [InlineData("""{"grant_type":"password"}""", "grant_type")]
    [InlineData("""{"grant_type":"refresh_token"}""", "refresh_token")]
    [InlineData("""{"grant_type":"authorization_code","code":5}""", "code")]
    public async Task An_incomplete_request_names_the_field(string body, string field)
    {
        await using var client = await Client.StartAsync();

        var refused = await client.PostAsync("/auth/token", JsonNode.Parse(body)!.AsObject());

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.NotNull((await Client.JsonAsync(refused))["error"]!["data"]![field]);
    }

    [Fact]
    public async Task A_scope_may_be_narrowed_but_not_widened()
    {
        await using var client = await Client.StartAsync();
        var (_, token) = await client.ConnectAsync();

        var wider = await client.PostAsync("/auth/token", new() { ["grant_type"] = "refresh_token", ["refresh_token"] = token, ["scope"] = "payments=rw" });
        var narrower = await client.PostAsync("/auth/token", new() { ["grant_type"] = "refresh_token", ["refresh_token"] = token, ["scope"] = "accounts=ro" });

        Assert.Equal(HttpStatusCode.BadRequest, wider.StatusCode);
        Assert.Equal("accounts=ro", (await Client.JsonAsync(narrower))["scope"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    public async Task Revocation_ends_access_and_refresh(string method)
    {
        await using var client = await Client.StartAsync();
        var (access, refresh) = await client.ConnectAsync();

        var revoked = method is "POST"
            ? await client.PostAsync("/auth/revoke", new() { ["token"] = refresh })
            : await client.Http.GetAsync($"/auth/revoke?token={Uri.EscapeDataString(refresh)}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.RefreshAsync(refresh)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.BearerAsync(access, "/rest/accounts")).StatusCode);
    }

    [Fact]
    public async Task The_state_names_the_live_tokens_by_hash()
    {
        await using var client = await Client.StartAsync();
        var (access, refresh) = await client.ConnectAsync();

        var connection = Assert.Single(client.Server.Connections());

        Assert.Equal("user-1", connection.UserId);
        Assert.Equal(TokenHash.Of(refresh), connection.NewestRefreshToken);
        Assert.Equal([TokenHash.Of(refresh)], connection.LiveRefreshTokens);
        Assert.Equal([TokenHash.Of(access)], connection.LiveAccessTokens);
    }
}
