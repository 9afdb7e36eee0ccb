using System.Net;
using FinxSandbox.Calls;

namespace FinxSandbox.Tests;

public sealed class LoadTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_calls_at_once_are_answered()
    {
        await using var client = await Client.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => client.BearerAsync("x", "/rest/accounts")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        Assert.Equal(1_000, client.Server.Journal.Of("data.accounts").Count);
    }

    [Fact]
    public async Task Dozens_run_in_one_process()
    {
        var servers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => SandboxServer.StartAsync(new SandboxOptions(), Cancel)));

        Assert.Equal(40, servers.Select(server => server.FinxAddress).Distinct().Count());
        foreach (var server in servers)
            await server.DisposeAsync();
    }

    [Fact]
    public async Task Many_lineages_rotate_at_once_without_mixing()
    {
        await using var client = await Client.StartAsync();

        await Parallel.ForAsync(0, 50, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancel }, async (i, cancel) =>
        {
            var (_, token) = await client.ConnectAsync(new() { ["user_id"] = $"user-{i}" });
            for (var turn = 0; turn < 10; turn++)
                (_, token) = Client.Pair(await Client.JsonAsync(await client.RefreshAsync(token)));
            Assert.Equal([TokenHash.Of(token)], client.Server.Connections().Single(connection => connection.UserId == $"user-{i}").LiveRefreshTokens);
        });

        Assert.All(client.Server.Connections(), connection => Assert.Equal(10, connection.Refreshes));
    }
}
