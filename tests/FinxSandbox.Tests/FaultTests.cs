using System.Net;
using System.Text.Json.Nodes;
using Azure;
using FinxSandbox.Faults;

namespace FinxSandbox.Tests;

public sealed class FaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FaultKind.Refuse, 400)]
    [InlineData(FaultKind.Throttle, 429)]
    [InlineData(FaultKind.ServerError, 500)]
    public async Task A_fault_that_answers_does_nothing_else(FaultKind kind, int status)
    {
        await using var client = await Client.StartAsync();
        var (_, token) = await client.ConnectAsync();
        client.Server.Faults.Add(new FaultRule { Kind = kind, Operation = "token.refresh", RetryAfter = TimeSpan.FromSeconds(7), Body = """{"error":{}}""" });

        var spoiled = await client.RefreshAsync(token);

        Assert.Equal(status, (int)spoiled.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), spoiled.Headers.RetryAfter!.Delta);
        Assert.Equal("""{"error":{}}""", await spoiled.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(token)).StatusCode);
    }

    [Theory]
    [InlineData(FaultKind.DropBefore, false, HttpStatusCode.OK)]
    [InlineData(FaultKind.DropAfter, true, HttpStatusCode.BadRequest)]
    public async Task A_connection_is_dropped_before_or_after_acting(FaultKind kind, bool acted, HttpStatusCode retry)
    {
        await using var client = await Client.StartAsync();
        var (_, token) = await client.ConnectAsync();
        var fault = client.Server.Faults.Add(new FaultRule { Kind = kind, Operation = "token.refresh" });

        await Assert.ThrowsAsync<HttpRequestException>(() => client.RefreshAsync(token));

        var entry = Assert.Single(client.Server.Journal.Of("token.refresh"));
        Assert.Equal((true, acted, fault.Id), (entry.Dropped, entry.Acted, entry.Fault));
        Assert.Equal(acted, entry.IssuedRefreshToken is not null);
        Assert.Equal(retry, (await client.RefreshAsync(token)).StatusCode);
    }

    [Fact]
    public async Task A_slow_call_acts_though_its_caller_has_gone()
    {
        await using var client = await Client.StartAsync();
        var (_, token) = await client.ConnectAsync();
        var hold = new TaskCompletionSource();
        var fault = client.Server.Faults.Add(new FaultRule { Kind = FaultKind.Slow, Operation = "token.refresh", HoldBefore = hold.Task });
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var call = client.Http.PostAsync("/auth/token", new StringContent($$"""{"grant_type":"refresh_token","refresh_token":"{{token}}"}""", null, "application/json"), impatient.Token);
        await fault.Reached.WaitAsync(Cancel);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        hold.SetResult();

        Assert.Equal(HttpStatusCode.BadRequest, (await client.RefreshAsync(token)).StatusCode);
    }

    [Fact]
    public async Task Delays_are_real_time()
    {
        await using var client = await Client.StartAsync();
        var (_, token) = await client.ConnectAsync();
        client.Server.Faults.Add(new FaultRule { Kind = FaultKind.Slow, Operation = "token.*", DelayBefore = TimeSpan.FromMilliseconds(60), DelayAfter = TimeSpan.FromMilliseconds(60) });
        var start = TimeProvider.System.GetTimestamp();

        var answer = await client.RefreshAsync(token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromMilliseconds(110));
    }

    [Fact]
    public async Task A_body_can_be_broken_or_lack_fields()
    {
        await using var client = await Client.StartAsync();
        var (_, token) = await client.ConnectAsync();
        client.Server.Faults.Add(new FaultRule { Kind = FaultKind.MissingFields, Operation = "token.refresh", Fields = ["refresh_token", "scope"] });
        client.Server.Faults.Add(new FaultRule { Kind = FaultKind.Malformed, Operation = "token.exchange" });

        var lacking = await Client.JsonAsync(await client.RefreshAsync(token));
        var broken = await client.ExchangeAsync(await client.CodeAsync());

        Assert.Equal(["access_token", "token_type", "expires_in"], lacking.Select(pair => pair.Key));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => JsonNode.Parse(broken.Content.ReadAsStringAsync(Cancel).GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task An_answer_without_fields_lacks_none()
    {
        await using var client = await Client.StartAsync();
        var (access, _) = await client.ConnectAsync();
        client.Server.Faults.Add(new FaultRule { Kind = FaultKind.MissingFields, Fields = ["any"] });

        Assert.Equal(HttpStatusCode.NoContent, (await client.BearerAsync(access, "/rest/user", HttpMethod.Delete)).StatusCode);
    }

    [Fact]
    public async Task A_rule_skips_counts_and_can_be_removed()
    {
        await using var client = await Client.StartAsync();
        var rule = client.Server.Faults.Add(new FaultRule { Kind = FaultKind.ServerError, Method = "get", Path = "/rest/*", Skip = 1, Times = 2 });
        var forever = client.Server.Faults.Add(new FaultRule { Kind = FaultKind.Refuse, Status = 418, Operation = "data.accounts", Times = null, Skip = 1 });

        var statuses = new List<int>();
        for (var i = 0; i < 6; i++)
            statuses.Add((int)(await client.BearerAsync("x", "/rest/accounts")).StatusCode);

        // The first rule skips one call, which the second one counts as its own first.
        Assert.Equal([401, 500, 500, 418, 418, 418], statuses);
        Assert.Equal((2, 0), (rule.Applied, rule.Remaining));
        Assert.Null(forever.Remaining);
        Assert.True(client.Server.Faults.Remove(forever.Id));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.BearerAsync("x", "/rest/accounts")).StatusCode);
    }

    [Fact]
    public async Task A_vault_can_store_a_secret_and_drop_the_answer()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        var client = VaultClient.For(server);
        server.Faults.Add(new FaultRule { Kind = FaultKind.DropAfter, Operation = "vault.set" });

        await Assert.ThrowsAnyAsync<RequestFailedException>(() => client.SetSecretAsync("a", "1", Cancel));

        Assert.Equal("1", (await client.GetSecretAsync("a", cancellationToken: Cancel)).Value.Value);
    }

    [Fact]
    public async Task A_rule_by_path_leaves_the_vaults_challenge_alone()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions(), Cancel);
        var fault = server.Faults.Add(new FaultRule { Kind = FaultKind.ServerError, Method = "PUT", Path = "/secrets/*" });

        await Assert.ThrowsAsync<RequestFailedException>(() => VaultClient.For(server).SetSecretAsync("a", "1", Cancel));

        Assert.Equal(["vault.challenge", "vault.set"], server.Journal.Entries.Select(entry => entry.Operation));
        Assert.Equal(fault.Id, server.Journal.Entries[1].Fault);
    }
}
