using FinxSandbox.Calls;

namespace FinxSandbox.Tests;

public sealed class JournalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_calls_are_noted_with_hashes_and_without_tokens()
    {
        await using var client = await Client.StartAsync();
        client.Server.Clock.Advance(TimeSpan.FromDays(10));
        var (access, first) = await client.ConnectAsync();
        await client.RefreshAsync(first);

        var exchange = Assert.Single(client.Server.Journal.Of("token.exchange"));
        var refresh = Assert.Single(client.Server.Journal.Of("token.refresh"));

        Assert.Equal((TokenHash.Of(access), TokenHash.Of(first)), (exchange.IssuedAccessToken, exchange.IssuedRefreshToken));
        Assert.Equal(TokenHash.Of(first), refresh.Presented);
        Assert.Equal(exchange.FlowId, refresh.FlowId);
        Assert.Equal((200, "finx", "POST", "/auth/token"), (refresh.Status, refresh.Service, refresh.Method, refresh.Path));
        Assert.InRange(refresh.At - refresh.RealAt, TimeSpan.FromDays(9.9), TimeSpan.FromDays(10.1));
    }

    [Fact]
    public async Task Vault_calls_are_noted_with_name_version_and_vault()
    {
        await using var server = await SandboxServer.StartAsync(new SandboxOptions { VaultPorts = [0, 0] }, Cancel);

        var secret = (await VaultClient.For(server, vault: 1).SetSecretAsync("a", "1", Cancel)).Value;

        var entry = Assert.Single(server.Journal.Of("vault.set"));
        Assert.Equal(("vault", 1, "a", secret.Properties.Version), (entry.Service, entry.Vault, entry.SecretName, entry.SecretVersion));
    }

    [Fact]
    public async Task The_oldest_entries_go_first()
    {
        await using var client = await Client.StartAsync(new SandboxOptions { JournalCapacity = 5 });

        for (var i = 0; i < 8; i++)
            await client.BearerAsync("x", "/rest/accounts");

        Assert.Equal([4, 5, 6, 7, 8], client.Server.Journal.Entries.Select(entry => entry.Sequence));
    }
}
