using System.Text.Json.Nodes;
using Azure.Core;
using FinxSandbox.Calls;
using FinxSandbox.Faults;

namespace FinxSandbox.Tests.Wire;

/// <summary>A sandbox with a connected user, a code that nobody has used, a secret, and a request for each operation.</summary>
internal sealed class World : IAsyncDisposable
{
    /// <summary>The operations at which every kind of fault is tried.</summary>
    public static TheoryData<string> Operations =>
    [
        "links.create", "token.exchange", "token.refresh", "token.revoke", "data.accounts", "data.transactions", "vault.get", "vault.set", "vault.delete",
    ];

    private World(Client client) => Client = client;

    public Client Client { get; }

    public SandboxServer Server => Client.Server;

    public string Code { get; private set; } = "";

    public string Access { get; private set; } = "";

    public string Refresh { get; private set; } = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Basic { get; } = Client.Basic("sandbox-client", "sandbox-secret").ToString();

    private string Vault => $"Bearer {Server.Credential.GetToken(new TokenRequestContext(["https://vault.azure.net/.default"]), Cancel).Token}";

    public static async Task<World> StartAsync(SandboxOptions? options = null)
    {
        var world = new World(await Client.StartAsync(options));
        (world.Access, world.Refresh) = await world.Client.ConnectAsync();
        world.Code = await world.Client.CodeAsync();
        Assert.Equal(200, (await world.CallAsync("vault.set")).Status);
        world.Server.Journal.Clear();
        return world;
    }

    public RawRequest Request(string operation) => operation switch
    {
        "links.create" => new(Server.FinxAddress, "POST", "/ongoing/access", Basic, """{"redirect_uri":"https://app.example/cb","user_id":"user-1"}"""),
        "token.exchange" => new(Server.FinxAddress, "POST", "/auth/token", Basic, $$"""{"grant_type":"authorization_code","code":"{{Code}}"}"""),
        "token.refresh" => new(Server.FinxAddress, "POST", "/auth/token", Basic, $$"""{"grant_type":"refresh_token","refresh_token":"{{Refresh}}"}"""),
        "token.revoke" => new(Server.FinxAddress, "POST", "/auth/revoke", Basic, $$"""{"token":"{{Refresh}}"}"""),
        "data.accounts" => new(Server.FinxAddress, "GET", "/rest/accounts", $"Bearer {Access}"),
        "data.transactions" => new(Server.FinxAddress, "GET", "/rest/transactions", $"Bearer {Access}"),
        "vault.get" => new(Server.VaultAddresses[0], "GET", "/secrets/a?api-version=7.5", Vault),
        "vault.set" => new(Server.VaultAddresses[0], "PUT", "/secrets/a?api-version=7.5", Vault, """{"value":"1"}"""),
        "vault.delete" => new(Server.VaultAddresses[0], "DELETE", "/secrets/a?api-version=7.5", Vault),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    public Task<RawConnection> OpenAsync(RawRequest request) => RawConnection.OpenAsync(request.Address, Server.VaultPublicKeyThumbprint);

    /// <summary>One call on a connection of its own.</summary>
    public Task<RawAnswer> CallAsync(string operation) => CallAsync(Request(operation));

    public async Task<RawAnswer> CallAsync(RawRequest request)
    {
        await using var connection = await OpenAsync(request);
        await connection.WriteAsync(request);
        return await connection.ReadAsync();
    }

    /// <summary>Adds a rule over the control API.</summary>
    public async Task<ActiveFault> AddAsync(string rule)
    {
        var added = await Client.PostAsync("/sandbox/faults", JsonNode.Parse(rule)!.AsObject());
        var body = await Client.JsonAsync(added);
        Assert.True(added.IsSuccessStatusCode, body.ToString());
        return Server.Faults.Active.Single(fault => fault.Id == body["id"]!.GetValue<string>());
    }

    /// <summary>The one call of an operation that the journal has.</summary>
    public JournalEntry Entry(string operation) => Assert.Single(Server.Journal.Of(operation));

    /// <summary>Waits for the journal to have a call of an operation.</summary>
    public async Task<JournalEntry> EntryAsync(string operation)
    {
        while (Server.Journal.Of(operation).Count == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
        return Entry(operation);
    }

    /// <summary>Whether finX would honour the refresh token now.</summary>
    public bool IsAlive(string refreshToken) => Server.Connections().Any(connection => connection.LiveRefreshTokens.Contains(TokenHash.Of(refreshToken)));

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
