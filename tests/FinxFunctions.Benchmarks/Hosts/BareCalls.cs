using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Secrets;
using FinxFunctions.KeyVault;
using FinxFunctions.Links;
using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Benchmarks.Hosts;

/// <summary>
/// The calls that an operation consists of, one by one and with nothing around them: the same size, the same clients. They use a connection
/// of their own, which finX knows and no other code uses.
/// </summary>
internal sealed class BareCalls
{
    private readonly TableClient _connections;
    private readonly SecretClient _vault;
    private readonly HttpClient _finx;
    private readonly ConnectionSnapshot _like;
    private readonly Lease _lease;
    private readonly string _secretName;
    private readonly string _pair;

    private ETag _connection;
    private ETag _leaseRow;
    private string _version;

    private BareCalls(RealServices services, ConnectionSnapshot snapshot, KeyVaultSecret pair, DataKey key)
    {
        _connections = services.Tables.GetTableClient("connections");
        _vault = services.Get<VaultClients>().For(snapshot.Connection.Vault);
        _finx = services.FinxClient();
        _like = snapshot;
        (_secretName, _version, _pair) = (pair.Name, pair.Properties.Version, pair.Value);
        _connection = snapshot.Connection.ETag;
        _lease = new Lease
        {
            ConnectionId = snapshot.Connection.Id,
            Kind = LeaseKind.Refresh,
            FromGeneration = 1,
            AttemptId = Guid.NewGuid().ToString("N"),
            Holder = Guid.NewGuid().ToString("N"),
            ExpiresAt = DateTimeOffset.UtcNow,
            StartedAt = DateTimeOffset.UtcNow,
            TokenHash = new Secret(pair.Value).Hash(),
            Answer = key.Encrypt(System.Text.Encoding.UTF8.GetBytes(pair.Value), snapshot.Connection.Id, 2),
        };
    }

    /// <summary>finX's refresh token of the bare connection.</summary>
    public string RefreshToken { get; set; } = "";

    public static async Task<BareCalls> PrepareAsync(RealServices services)
    {
        var snapshot = await services.ReadAsync(await services.ConnectAsync());
        var id = new KeyVaultSecretIdentifier(snapshot.Connection.SecretId!);
        var pair = await services.Get<VaultClients>().For(id.VaultUri).GetSecretAsync(id.Name, id.Version);
        return new BareCalls(services, snapshot, pair.Value, await services.Get<DataKeys>().CurrentAsync(CancellationToken.None))
        {
            RefreshToken = (await services.Get<TokenVault>().GetAsync(snapshot.Connection.SecretId!, null, CancellationToken.None)).RefreshToken!.Reveal(),
        };
    }

    public async Task ReadRowsAsync()
    {
        await foreach (var row in _connections.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {_like.Connection.Id}")))
            _ = row;
    }

    public Task ReadSecretAsync() => _vault.GetSecretAsync(_secretName, _version);

    /// <summary>The batch that acquires the lease.</summary>
    public async Task AcquireAsync()
    {
        var answers = await _connections.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpdateReplace, ConnectionRows.Of(_like.Connection), _connection),
            new(TableTransactionActionType.Add, ConnectionRows.Of(_lease with { Answer = null })),
        ]);
        (_connection, _leaseRow) = (answers.Value[0].Headers.ETag!.Value, answers.Value[1].Headers.ETag!.Value);
    }

    /// <summary>The write that persists finX's answer.</summary>
    public async Task PersistAsync() => _leaseRow = (await _connections.UpdateEntityAsync(ConnectionRows.Of(_lease), _leaseRow, TableUpdateMode.Replace)).Headers.ETag!.Value;

    /// <summary>The batch that commits.</summary>
    public async Task CommitAsync()
    {
        var answers = await _connections.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpdateReplace, ConnectionRows.Of(_like.Connection), _connection),
            new(TableTransactionActionType.Delete, ConnectionRows.Of(_lease), _leaseRow),
        ]);
        _connection = answers.Value[0].Headers.ETag!.Value;
    }

    public async Task WriteSecretAsync() => _version = (await _vault.SetSecretAsync(new KeyVaultSecret(_secretName, _pair))).Value.Properties.Version;

    public async Task RedeemAsync(JsonObject body)
    {
        using var response = await _finx.PostAsJsonAsync("auth/token", body);
        var answer = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>();
        RefreshToken = answer!["refresh_token"]!.GetValue<string>();
    }

    public async Task<string> AskLinkAsync()
    {
        var (_, text) = FlowState.New(ConnectionId.New());
        using var response = await _finx.PostAsJsonAsync("ongoing/access", new JsonObject { ["user_id"] = "user-1", ["redirect_uri"] = "http://localhost/api/callback", ["state"] = text });
        var answer = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>();
        return answer!["id"]!.GetValue<string>();
    }

    /// <summary>The batch that creates a connection.</summary>
    public Task CreateAsync()
    {
        var id = ConnectionId.New();
        return _connections.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, ConnectionRows.Of(_like.Connection with { Id = id })),
            new(TableTransactionActionType.Add, ConnectionRows.Of(id, _like.Links[0])),
        ]);
    }
}
