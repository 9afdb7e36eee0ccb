using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.KeyVault;
using FinxFunctions.Maintenance;
using FinxFunctions.Rotation;
using FinxSandbox;
using FinxSandbox.Calls;
using FinxSandbox.Faults;
using FinxSandbox.Finx.Widget;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace FinxFunctions.Tests.Running;

/// <summary>The app under test in a world of its own, or beside another instance in the same world.</summary>
public sealed class App : IAsyncDisposable
{
    private readonly AppHost _host;
    private readonly bool _ownsWorld;

    private App(World world, AppHost host, bool ownsWorld)
    {
        (World, _host, _ownsWorld) = (world, host, ownsWorld);
        Http = host.OpenClient();
    }

    /// <summary>Longer than <c>Tokens__RefusalPause</c>.</summary>
    public static TimeSpan RefusalPause { get; } = TimeSpan.FromSeconds(31);

    public World World { get; }

    public SandboxServer Sandbox => World.Sandbox;

    public SandboxClock Clock => Sandbox.Clock;

    /// <summary>A client of the app that follows no redirect.</summary>
    public HttpClient Http { get; }

    /// <summary>A handler for another client.</summary>
    public HttpMessageHandler OpenHandler() => _host.Server.CreateHandler();

    public IServiceProvider Services => _host.Services;

    public FakeLogCollector Logs => Services.GetRequiredService<FakeLogCollector>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="settings">Settings in addition to the world's own, or in their place. Null removes one.</param>
    /// <param name="sandbox">How finX and the vault behave.</param>
    /// <param name="gate">Counts and blocks the calls to the tables.</param>
    /// <param name="onWire">Whether calls go over a socket to Kestrel, not through a test server.</param>
    public static async Task<App> StartAsync(
        Dictionary<string, string?>? settings = null,
        SandboxOptions? sandbox = null,
        StorageGate? gate = null,
        bool onWire = false)
    {
        var world = await World.StartAsync(sandbox);
        try
        {
            return await StartAsync(world, settings, gate, onWire, ownsWorld: true);
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another instance, with a memory of its own, in the same world. Dispose of it first.</summary>
    public Task<App> StartTwinAsync(Dictionary<string, string?>? settings = null, StorageGate? gate = null, bool onWire = false) =>
        StartAsync(World, settings, gate, onWire, ownsWorld: false);

    /// <summary>Makes a link for a new connection, or for the fields given.</summary>
    public async Task<JsonObject> CreateLinkAsync(JsonObject? fields = null)
    {
        var body = new JsonObject { ["user_id"] = "user-1", ["return_uri"] = World.ReturnUri };
        foreach (var (name, value) in fields ?? [])
        {
            body[name] = value?.DeepClone();
        }

        using var response = await Http.PostAsJsonAsync("/api/links", body, Cancel);
        return await response.JsonAsync(HttpStatusCode.Created);
    }

    /// <summary>Finishes the widget without its pages. Returns the address to which finX sends the browser.</summary>
    public Uri Finish(JsonObject link, WidgetOutcome outcome = WidgetOutcome.Success) =>
        Sandbox.Finish(link.Text("flow_id"), outcome) ?? throw new InvalidOperationException("The link is unknown, used or expired.");

    /// <summary>Brings the browser to an address of the app.</summary>
    public Task<HttpResponseMessage> VisitAsync(Uri address) => Http.GetAsync(address.PathAndQuery, Cancel);

    /// <summary>Connects a bank. Returns the connection's id.</summary>
    public async Task<string> ConnectAsync(JsonObject? fields = null)
    {
        var link = await CreateLinkAsync(fields);
        using var response = await VisitAsync(Finish(link));
        Assert.Equal("connected", response.Returned()["status"]);
        await SettleAsync();
        return link.Text("connection_id");
    }

    public Task<HttpResponseMessage> AskTokenAsync(string connectionId, JsonObject? wish = null) =>
        Http.PostAsync($"/api/connections/{connectionId}/token", wish is null ? null : JsonContent.Create(wish), Cancel);

    /// <summary>Gets an access token. Any other answer fails the test.</summary>
    public async Task<JsonObject> GetTokenAsync(string connectionId, JsonObject? wish = null)
    {
        using var response = await AskTokenAsync(connectionId, wish);
        return await response.JsonAsync();
    }

    /// <summary>Has finX refuse the connection's refresh token, and once more after the pause. Returns the answer to the second request.</summary>
    public async Task<HttpResponseMessage> AskRefusedTokenAsync(string connectionId)
    {
        Sandbox.Faults.Add(new() { Kind = FaultKind.Refuse, Operation = "token.refresh", Times = 2, Body = """{"error":"invalid_grant"}""" });
        var wish = new JsonObject { ["rejected_generation"] = 1 };
        using (var first = await AskTokenAsync(connectionId, wish))
        {
            await first.ProblemAsync(503, "finx_unavailable");
        }

        Clock.Advance(RefusalPause);
        return await AskTokenAsync(connectionId, wish);
    }

    public async Task<JsonObject> GetConnectionAsync(string connectionId)
    {
        using var response = await Http.GetAsync($"/api/connections/{connectionId}", Cancel);
        return await response.JsonAsync();
    }

    /// <summary>Runs one tick of the timer to its end.</summary>
    public async Task TickAsync()
    {
        await Services.GetRequiredService<RotationTimer>().TickAsync(Cancel);
        await SettleAsync();
    }

    /// <summary>Waits for the background work.</summary>
    public Task SettleAsync() => Services.GetRequiredService<BackgroundWork>().WhenIdleAsync(Cancel);

    /// <summary>The calls of one operation that the sandbox got.</summary>
    public IReadOnlyList<JournalEntry> Calls(string operation) => Sandbox.Journal.Of(operation);

    /// <summary>The calls that finX got, in order.</summary>
    public IReadOnlyList<string> CallsToFinx() => [.. Sandbox.Journal.Entries.Where(entry => entry.Service == "finx").Select(entry => entry.Operation)];

    /// <summary>Every row of a table; none where there is no table.</summary>
    public async Task<IReadOnlyList<TableEntity>> RowsAsync(string table)
    {
        var service = new TableServiceClient(World.Tables);
        if (!await service.QueryAsync(existing => existing.Name == table, cancellationToken: Cancel).AnyAsync(Cancel))
        {
            return [];
        }

        return await service.GetTableClient(table).QueryAsync<TableEntity>(cancellationToken: Cancel).ToListAsync(Cancel);
    }

    /// <summary>The newest version of every secret of every vault that is not deleted.</summary>
    public async Task<IReadOnlyList<KeyVaultSecret>> SecretsAsync()
    {
        List<KeyVaultSecret> secrets = [];
        foreach (var vault in Services.GetRequiredService<VaultClients>().All)
        {
            await foreach (var properties in vault.GetPropertiesOfSecretsAsync(Cancel))
            {
                secrets.Add(await vault.GetSecretAsync(properties.Name, cancellationToken: Cancel));
            }
        }

        return secrets;
    }

    /// <summary>The secrets that hold token pairs, beside which the vaults hold the app's own keys.</summary>
    public async Task<IReadOnlyList<KeyVaultSecret>> PairsAsync() => [.. (await SecretsAsync()).Where(secret => secret.Name.StartsWith("connection-", StringComparison.Ordinal))];

    /// <summary>Which connections users have, by the index.</summary>
    public async Task<IReadOnlyList<string>> IndexedAsync() => [.. (await RowsAsync("users")).Where(row => row.PartitionKey is not ("key" or "vaults") && row.RowKey != "request").Select(row => row.RowKey)];

    /// <summary>Asserts that nothing was logged at Warning or above.</summary>
    public void AssertQuiet() => Assert.Empty(Logs.GetSnapshot().Where(line => line.Level >= LogLevel.Warning).Select(line => $"{line.Message} {line.Exception}"));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
        if (_ownsWorld)
        {
            await World.DisposeAsync();
        }

        _host.AssertDocumented();
    }

    private static async Task<App> StartAsync(World world, Dictionary<string, string?>? settings, StorageGate? gate, bool onWire, bool ownsWorld)
    {
        var all = world.Settings();
        foreach (var (name, value) in settings ?? [])
        {
            all[name] = value;
        }

        var host = new AppHost(world, all, gate, onWire);
        try
        {
            // The factory waits for the start on its caller's thread.
            return await Task.Run(() => new App(world, host, ownsWorld), Cancel);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }
}
