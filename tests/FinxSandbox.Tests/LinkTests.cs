using System.Net;
using System.Text.Json.Nodes;

namespace FinxSandbox.Tests;

public sealed class LinkTests
{
    [Fact]
    public async Task A_link_has_a_location_and_an_id()
    {
        await using var client = await Client.StartAsync();

        var answer = await client.PostAsync("/ongoing/access", new JsonObject
        {
            ["redirect_uri"] = "https://app.example/cb",
            ["user_id"] = "user-1",
            ["state"] = "s",
            ["tracking_id"] = "t",
            ["language"] = "en",
            ["provider_id"] = "6b2f5b0e-4c52-4f1b-9f0e-0d7f6f0a1002",
            ["accounts"] = new JsonArray(new JsonObject { ["id"] = "DE07900948150000002000", ["currency"] = "EUR" }),
            ["account_types"] = new JsonArray("Giro account"),
            ["allow_multi_selection"] = false,
            ["sync_period"] = 30,
            ["save_secrets"] = true,
        });

        var body = await Client.JsonAsync(answer);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.True(Guid.TryParse(body["id"]!.GetValue<string>(), out _));
        Assert.StartsWith(client.Server.FinxAddress.ToString(), body["location"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redirect_uri", "null")]
    [InlineData("redirect_uri", "\"not a url\"")]
    [InlineData("redirect_uri", "5")]
    [InlineData("user_id", "null")]
    [InlineData("user_id", "\"\"")]
    [InlineData("user_id", "[]")]
    [InlineData("state", "5")]
    [InlineData("tracking_id", "{}")]
    [InlineData("language", "\"xx\"")]
    [InlineData("provider_id", "\"no uuid\"")]
    [InlineData("accounts", "\"DE07\"")]
    [InlineData("accounts.0", "[\"DE07\"]", "accounts")]
    [InlineData("accounts.0.id", "[{\"currency\":\"EUR\"}]", "accounts")]
    [InlineData("account_types.0", "[\"Piggy bank\"]", "account_types")]
    [InlineData("allow_multi_selection", "\"true\"")]
    [InlineData("sync_period", "\"90\"")]
    [InlineData("sync_period", "0")]
    [InlineData("sync_period", "1.5")]
    [InlineData("save_secrets", "1")]
    public async Task A_wrong_field_is_named(string complaint, string value, string? field = null)
    {
        await using var client = await Client.StartAsync();
        var body = new JsonObject { ["redirect_uri"] = "https://app.example/cb", ["user_id"] = "user-1" };
        body[field ?? complaint] = JsonNode.Parse(value);

        var refused = await client.PostAsync("/ongoing/access", body);

        var error = (await Client.JsonAsync(refused))["error"]!;
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(1000, error["code"]!.GetValue<int>());
        Assert.Equal("client", error["group"]!.GetValue<string>());
        Assert.Single(error["data"]!.AsObject());
        Assert.NotEmpty(error["data"]![complaint]!.AsArray());
    }

    [Fact]
    public async Task Anything_but_a_json_object_is_refused()
    {
        await using var client = await Client.StartAsync();

        var array = await client.Http.PostAsync("/ongoing/access", new StringContent("[]", null, "application/json"), TestContext.Current.CancellationToken);
        var form = await client.Http.PostAsync("/ongoing/access", new FormUrlEncodedContent([]), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, array.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, form.StatusCode);
    }

    [Fact]
    public async Task Only_the_client_makes_links()
    {
        await using var client = await Client.StartAsync();
        client.Http.DefaultRequestHeaders.Authorization = null;

        var refused = await client.PostAsync("/ongoing/access", []);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(1004, (await Client.JsonAsync(refused))["error"]!["code"]!.GetValue<int>());
    }
}
