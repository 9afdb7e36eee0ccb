using System.Diagnostics;
using System.Globalization;
using Azure.Core;
using Azure.Data.Tables;
using FinxFunctions.Diagnostics;
using FinxFunctions.Finx;
using FinxFunctions.Hosting;
using FinxFunctions.KeyVault;
using FinxFunctions.Links;
using FinxFunctions.Maintenance;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.StandIns;
using FinxFunctions.State;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Benchmarks.InMemory;

/// <summary>The app's services over the simulation's stand-ins: tables and vaults in memory, with a set speed.</summary>
internal sealed class MemoryWorld : IAsyncDisposable
{
    private static readonly TimeSpan TokenLife = TimeSpan.FromDays(90);

    private readonly TableAccount _tables = new();
    private readonly Dictionary<Uri, InMemoryVault> _vaults;
    private readonly InMemoryFinx _finx;
    private readonly ServiceProvider _services;
    private readonly TimeProvider _time;
    private readonly string _userKey = new('0', 64);

    public MemoryWorld(DelayedNetwork line, TimeProvider time, int vaults = 40, Dictionary<string, string?>? settings = null)
    {
        Line = line;
        _time = time;
        _vaults = Enumerable.Range(0, vaults).Select(number => new Uri($"https://vault{number}.example/")).ToDictionary(address => address, address => new InMemoryVault(address, time));
        _finx = new InMemoryFinx(new FinxRules(ReuseMode.Dead) { RefreshTokenLifetime = TokenLife }, time);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings()).AddInMemoryCollection(settings ?? []).Build();
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning))
            .AddSingleton(time)
            .AddFinxFunctions(configuration)
            .AddSingleton<TableServiceClient>(new StandInTableServiceClient(_tables, line))
            .AddSingleton<VaultClients>(provider => new StandInVaultClients(_vaults, line, provider.GetRequiredService<TokenCredential>(), provider.GetRequiredService<FinxMetrics>(), provider.GetRequiredService<IOptions<VaultOptions>>(), provider.GetRequiredService<ILogger<VaultClients>>()));
        foreach (var client in new[] { FinxTokenClient.ClientName, FinxClient.ClientName })
            services.AddHttpClient(client).ConfigurePrimaryHttpMessageHandler(() => new StandInFinxHandler(_finx, line));
        _services = services.BuildServiceProvider();
        foreach (var table in new[] { "connections", "agenda", "users" })
            _tables.Table(table).IsCreated = true;
    }

    public DelayedNetwork Line { get; }

    public IServiceProvider Services => _services;

    public TableStore Agenda => _tables.Table("agenda");

    /// <summary>Makes connections due, each with its own deadline, and measures the tick that refreshes them.</summary>
    /// <returns>Seconds.</returns>
    public async Task<double> TimeTickAsync(int due)
    {
        var now = DateTimeOffset.UtcNow;
        for (var made = 0; made < due; made++)
            await AddDueAsync(now.AddMinutes(-1), now.AddDays(45).AddSeconds(made));
        var start = Stopwatch.GetTimestamp();
        await TickAsync();
        var time = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await SettleAsync();
        return time;
    }

    public Task TickAsync() => _services.GetRequiredService<RotationTimer>().TickAsync(CancellationToken.None);

    /// <summary>Waits for background work.</summary>
    public Task SettleAsync() => _services.GetRequiredService<BackgroundWork>().WhenIdleAsync(CancellationToken.None);

    /// <summary>Adds the rows of a connection that is due at an instant, and a token pair that finX accepts.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> AddDueAsync(DateTimeOffset dueAt, DateTimeOffset deadline)
    {
        var id = ConnectionId.New();
        var vault = _vaults[_services.GetRequiredService<VaultClients>().VaultFor(id)];
        var pair = await PairAsync(id);
        var (access, refresh) = (pair.AccessToken!, pair.RefreshToken!);
        var now = _time.GetUtcNow();
        var stored = new TokenPair(id, 1, access, "Bearer", now, now.AddHours(1), refresh, now, deadline, "accounts=ro");
        var json = System.Text.Encoding.UTF8.GetString(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(stored, TokenPairJson.Default.TokenPair));
        var secret = vault.Set(new(TokenVault.NameOf(id, 1), json) { Properties = { ContentType = "application/vnd.finxfunctions.token-pair+json" } });
        await AddAsync(id, dueAt, deadline, secret.Id, secret.Properties.VaultUri);
        return id;
    }

    /// <summary>Adds the rows of a connection that is not due. It has no tokens.</summary>
    public Task AddIdleAsync(DateTimeOffset dueAt)
    {
        var id = ConnectionId.New();
        var vault = _services.GetRequiredService<VaultClients>().VaultFor(id);
        return AddAsync(id, dueAt, dueAt + (TokenLife / 2), new Uri(vault, $"secrets/{TokenVault.NameOf(id, 1)}/{Guid.NewGuid():N}"), vault);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task AddAsync(string id, DateTimeOffset dueAt, DateTimeOffset deadline, Uri secret, Uri vault)
    {
        var now = _time.GetUtcNow();
        var connection = new Connection
        {
            Id = id,
            CallerId = "function-key",
            UserKey = _userKey,
            Status = ConnectionStatus.Active,
            Generation = 1,
            CreatedAt = now,
            RefreshedAt = now,
            AccessExpiresAt = now.AddHours(1),
            RefreshExpiresAt = deadline,
            NextRotationAt = dueAt,
            ConsentExpiresAt = now.AddDays(180),
            Scope = "accounts=ro",
            Vault = vault,
            SecretId = secret,
            DueAt = dueAt,
        };
        var wasInstant = Line.IsInstant;
        Line.IsInstant = true;
        await _services.GetRequiredService<RotationSchedule>().AddAsync(new DueEntry(id, dueAt, deadline), CancellationToken.None);
        Line.IsInstant = wasInstant;
        _tables.Table("connections").Submit([new TableTransactionAction(TableTransactionActionType.Add, ConnectionRows.Of(connection))]);
    }

    private async Task<TokenResponse> PairAsync(string id)
    {
        using var link = _finx.CreateLink(FlowState.New(id).Text);
        var flow = System.Text.Json.JsonDocument.Parse(await link.Content.ReadAsByteArrayAsync()).RootElement.GetProperty("id").GetString()!;
        using var answer = _finx.Answer(_finx.Present(_finx.Finish(flow).Code)!);
        return TokenResponse.TryParse(await answer.Content.ReadAsByteArrayAsync())!;
    }

    private Dictionary<string, string?> Settings()
    {
        Dictionary<string, string?> settings = new()
        {
            ["Finx:BaseAddress"] = "https://finx.example/",
            ["Finx:ClientId"] = "client",
            ["Finx:ClientSecret"] = "secret",
            ["Links:CallbackAddress"] = "https://app.example/api/callback",
            ["Links:AllowedReturnUris:0"] = "https://app.example/",
            ["Tables:ConnectionString"] = "UseDevelopmentStorage=true",
            ["Tokens:TickConcurrency"] = "64",
            ["Tokens:TickRefreshesPerSecond"] = "1000",
        };
        foreach (var (index, address) in _vaults.Keys.Index())
            settings[string.Create(CultureInfo.InvariantCulture, $"Vaults:Addresses:{index}")] = address.AbsoluteUri;
        return settings;
    }
}
