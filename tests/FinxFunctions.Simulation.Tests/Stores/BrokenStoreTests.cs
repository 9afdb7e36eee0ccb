using Azure;
using Azure.Core;
using Azure.Data.Tables;
using FinxFunctions.Diagnostics;
using FinxFunctions.KeyVault;
using FinxFunctions.StandIns;
using FinxFunctions.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Simulation.Tests.Stores;

/// <summary>The real Azure clients, as the service makes them, against a socket that is no store.</summary>
public sealed class BrokenStoreTests
{
    private const string Html = "<html><body>Maintenance</body></html>";
    private const string Created = "HTTP/1.1 204 -\r\nConnection: close\r\n\r\n";
    private const string Json = "application/json";

    private static readonly Dictionary<string, (string? Reply, SocketEnd Then)> Kinds = new()
    {
        ["resets"] = (null, SocketEnd.Reset),
        ["closes"] = (null, SocketEnd.Close),
        ["no http"] = ("SSH-2.0-OpenSSH\r\n", SocketEnd.Close),
        ["half a head"] = ("HTTP/1.1 200 OK\r\nContent-T", SocketEnd.Close),
        ["half a body, closes"] = (SocketServer.Answer(200, Json, """{"value":[{"Par""", length: 500), SocketEnd.Close),
        ["half a body, resets"] = (SocketServer.Answer(200, Json, """{"value":[{"Par""", length: 500), SocketEnd.Reset),
        ["html 200"] = (SocketServer.Answer(200, "text/html", Html), SocketEnd.Close),
        ["html 202"] = (SocketServer.Answer(202, "text/html", Html), SocketEnd.Close),
        ["html 302"] = (SocketServer.Answer(302, "text/html", Html), SocketEnd.Close),
        ["html 403"] = (SocketServer.Answer(403, "text/html", Html), SocketEnd.Close),
        ["html 404"] = (SocketServer.Answer(404, "text/html", Html), SocketEnd.Close),
        ["html 500"] = (SocketServer.Answer(500, "text/html", Html), SocketEnd.Close),
        ["empty"] = (SocketServer.Answer(200, Json, ""), SocketEnd.Close),
        ["null"] = (SocketServer.Answer(200, Json, "null"), SocketEnd.Close),
        ["array"] = (SocketServer.Answer(200, Json, "[1]"), SocketEnd.Close),
        ["odd fields"] = (SocketServer.Answer(200, Json, """{"value":7,"id":"nonsense"}"""), SocketEnd.Close),
        ["odd rows"] = (SocketServer.Answer(200, Json, """{"value":[7]}"""), SocketEnd.Close),
        ["a batch without answers"] = (SocketServer.Answer(202, "multipart/mixed; boundary=batchresponse_1", "--batchresponse_1--"), SocketEnd.Close),
        ["a cut batch"] = (SocketServer.Answer(202, "multipart/mixed; boundary=batchresponse_1", "--batchresponse_1\r\nContent-Type: multi"), SocketEnd.Close),
        ["an odd challenge"] = (SocketServer.Answer(401, Json, "{}", "WWW-Authenticate: Bearer authorization=\"nonsense\"\r\n"), SocketEnd.Close),
    };

    private static UnreadableRows Unreadable => new(Metrics, NullLogger<UnreadableRows>.Instance);

    private static FinxMetrics Metrics => new ServiceCollection().AddDiagnostics().BuildServiceProvider().GetRequiredService<FinxMetrics>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tables_that_do_not_answer_as_they_should_are_not_available() => Assert.Empty(await OthersAsync(async kind =>
    {
        await using var server = new SocketServer(Created, SocketEnd.Close);
        var calls = await TableCallsAsync(server);
        (server.Reply, server.Then) = Kinds[kind];
        return await Task.WhenAll(calls.Select(call => Record.ExceptionAsync(call).AsTask()));
    }, typeof(StorageException)));

    [Fact]
    public async Task A_vault_that_does_not_answer_as_it_should_is_not_available() => Assert.Empty(await OthersAsync(async kind =>
    {
        await using var server = new SocketServer(Kinds[kind].Reply, Kinds[kind].Then, tls: true);
        using var vaults = VaultsOf(server);
        return await Task.WhenAll(VaultCalls(vaults).Select(call => Record.ExceptionAsync(call).AsTask()));
    }, typeof(VaultException)));

    [Fact]
    public async Task A_silent_store_is_given_up_after_three_tries_with_the_exception_that_the_stand_ins_throw()
    {
        await using var tables = new SocketServer(Created, SocketEnd.Close);
        await using var vault = new SocketServer(null, SocketEnd.Silence, tls: true);
        using var vaults = VaultsOf(vault);
        var calls = await TableCallsAsync(tables);
        (tables.Reply, tables.Then) = (null, SocketEnd.Silence);

        var failures = await Task.WhenAll(
            Record.ExceptionAsync(calls[0]).AsTask(),
            Record.ExceptionAsync(VaultCalls(vaults).First()).AsTask());

        Assert.IsType<StorageException>(failures[0]);
        Assert.IsType<VaultException>(failures[1]);
        Assert.All(failures, failure => AssertSame(SdkFailure.After(SdkFailure.NoAnswer), failure!.InnerException!));
    }

    [Fact]
    public async Task Resets_look_as_the_stand_ins_show_them()
    {
        await using var server = new SocketServer(Created, SocketEnd.Close);
        var calls = await TableCallsAsync(server);
        var before = server.Requests;

        (server.Reply, server.Then) = (null, SocketEnd.Reset);
        var reset = await Assert.ThrowsAsync<StorageException>(calls[0]);
        var requests = server.Requests - before;
        server.Reply = SocketServer.Answer(200, Json, "{", length: 500);
        var broken = await Assert.ThrowsAsync<StorageException>(calls[0]);

        AssertSame(SdkFailure.After(SdkFailure.Reset), reset.InnerException!);
        AssertSame(SdkFailure.After(SdkFailure.BrokeOff), broken.InnerException!);
        Assert.Equal(SdkFailure.Tries, requests);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_store_that_asks_to_wait_long_is_not_waited_for_and_the_caller_learns_how_long(int status)
    {
        await using var tables = new SocketServer(Created, SocketEnd.Close);
        await using var vault = new SocketServer(SocketServer.Answer(status, Json, "{}", "Retry-After: 86400\r\n"), SocketEnd.Close, tls: true);
        using var vaults = VaultsOf(vault);
        var calls = await TableCallsAsync(tables);
        var before = tables.Requests;
        tables.Reply = SocketServer.Answer(status, Json, "{}", "Retry-After: 60\r\n");

        var storage = await Assert.ThrowsAsync<StorageException>(calls[0]);
        var secret = await Assert.ThrowsAsync<VaultException>(VaultCalls(vaults).First());

        Assert.Equal(TimeSpan.FromMinutes(1), storage.RetryAfter);
        Assert.Equal(TimeSpan.FromMinutes(5), secret.RetryAfter);
        Assert.Equal((1, 1), (tables.Requests - before, vault.Requests));
    }

    [Fact]
    public async Task A_store_that_asks_to_wait_shortly_is_asked_again()
    {
        await using var vault = new SocketServer(SocketServer.Answer(503, Json, "{}", "Retry-After: 0\r\n"), SocketEnd.Close, tls: true);
        using var vaults = VaultsOf(vault);

        await Assert.ThrowsAsync<VaultException>(VaultCalls(vaults).First());

        Assert.Equal(SdkFailure.Tries, vault.Requests);
    }

    /// <summary>The outcomes, of all calls and kinds, that are not the expected exception.</summary>
    private static async Task<IEnumerable<string>> OthersAsync(Func<string, Task<Exception?[]>> run, Type expected) => (await Task.WhenAll(Kinds.Keys.Select(async kind => (Kind: kind, Outcomes: await run(kind)))))
        .SelectMany(run => run.Outcomes.Index().Where(outcome => outcome.Item?.GetType() != expected).Select(outcome => $"{run.Kind}: call {outcome.Index}: {outcome.Item?.ToString() ?? "no exception"}"));

    /// <summary>The calls to a server that has said that the tables exist.</summary>
    private static async Task<IReadOnlyList<Func<Task>>> TableCallsAsync(SocketServer server)
    {
        var client = TablesOf(server);
        var tables = new StateTables(client);
        await tables.ConnectionsAsync(Cancel);
        var store = new ConnectionStore(tables, Unreadable);
        var connection = new Connection { Id = Pairs.Id, CallerId = "caller", UserKey = "user", Vault = new Uri("https://one.vault.azure.net/"), CreatedAt = DateTimeOffset.UnixEpoch, ETag = new ETag("W/\"1\"") };
        return
        [
            () => store.ReadAsync(Pairs.Id, Cancel),
            () => store.TryWriteAsync(new ConnectionChange(connection), Cancel),
            () => store.IndexUserAsync(connection, Cancel),
            () => store.AllAsync(null, null, Cancel).ToListAsync(Cancel).AsTask(),
            () => new RotationSchedule(tables, Unreadable).DueAsync(DateTimeOffset.UnixEpoch, 10, Cancel),
            () => new StateTables(client).ConnectionsAsync(Cancel),
        ];
    }

    private static IEnumerable<Func<Task>> VaultCalls(VaultClients vaults)
    {
        var secrets = new SecretReader(vaults, TimeProvider.System);
        var vault = new TokenVault(vaults, secrets);
        var id = new Uri(vaults.First, "secrets/name/0123456789abcdef0123456789abcdef");
        return
        [
            () => vault.GetAsync(id, null, Cancel),
            () => vault.SetAsync(vaults.First, Pairs.Of(1, DateTimeOffset.UnixEpoch, TimeSpan.Zero), Cancel),
            () => vault.LatestAsync(new KnownPair(vaults.First, Pairs.Id, 1, id, null), Cancel),
            () => secrets.TryRecoverAsync(vaults.First, "name", Cancel),
        ];
    }

    private static TableServiceClient TablesOf(SocketServer server) => TableClients.Create(
        new ServiceCollection().AddDiagnostics().BuildServiceProvider(),
        null,
        $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey={Convert.ToBase64String(new byte[32])};TableEndpoint=http://127.0.0.1:{server.Port}/a;",
        "table_storage");

    private static VaultClients VaultsOf(SocketServer server)
    {
        var options = new VaultOptions { PublicKeyThumbprint = server.Thumbprint };
        options.Addresses.Add(new Uri($"https://127.0.0.1:{server.Port}/"));
        return new VaultClients(new FixedCredential(), Metrics, Options.Create(options), NullLogger<VaultClients>.Instance);
    }

    private static void AssertSame(Exception expected, Exception actual) => Assert.Equal(Shape(expected), Shape(actual));

    /// <summary>The types of an exception and of those within.</summary>
    private static string Shape(Exception exception) => exception is AggregateException all
        ? $"[{string.Join(", ", all.InnerExceptions.Select(Shape).Distinct())}] * {all.InnerExceptions.Count}"
        : $"{exception.GetType().Name} {(exception as RequestFailedException)?.Status}";

    private sealed class FixedCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("token", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
