using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Azure.Core;
using Azure.Data.Tables;
using FinxFunctions.Authorization;
using FinxFunctions.Callback;
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
using FinxFunctions.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Simulation.Tests.Staging;

/// <summary>
/// A process of the service: the real container over stores and a finX in memory, on one thread and in virtual time, so that a test decides
/// what goes wrong (<see cref="Script"/>) and never waits. <see cref="OtherProcess"/> is another process in the same surroundings.
/// </summary>
internal sealed class Scenario
{
    /// <summary>Work that takes longer than this in virtual time is stuck.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    private static readonly DateTimeOffset Start = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Uri ReturnUri = new("https://app.example/banking/done");

    private static readonly string[] RecordFields = ["Who", "What", "Generation", "Outcome"];

    private readonly Surroundings _around;
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly SimulatedProcess _host;
    private readonly IServiceProvider _services;
    private ServiceProvider? _container;

    /// <param name="settings">In addition to the usual ones, such as <c>Tokens:Replays</c>.</param>
    public Scenario(params (string Name, string? Value)[] settings)
        : this(ReuseMode.Dead, settings)
    {
    }

    /// <param name="reuse">What finX does with a refresh token that was used before.</param>
    public Scenario(ReuseMode reuse, params (string Name, string? Value)[] settings)
        : this(new Surroundings(reuse), settings.ToDictionary(setting => setting.Name, setting => setting.Value))
    {
    }

    private Scenario(Surroundings around, IReadOnlyDictionary<string, string?> settings)
    {
        (_around, _settings) = (around, settings);
        _host = new SimulatedProcess(around.World, 1);
        Script = new Script();
        _services = BuildServices();
        _host.Services = _services;
    }

    /// <summary>What goes wrong for this process.</summary>
    public Script Script { get; }

    /// <summary>The random numbers of this process.</summary>
    public ScriptedRandom Random { get; } = new();

    public InMemoryFinx Finx => _around.Finx;

    public IReadOnlyList<InMemoryVault> Vaults => [.. _around.Vaults.Values];

    /// <summary>How far the clock of this process is off.</summary>
    public TimeSpan ClockOffset
    {
        get => _host.ClockOffset;
        set => _host.ClockOffset = value;
    }

    public DateTimeOffset Now => _around.World.Now;

    public FakeLogCollector Logs => Get<FakeLogCollector>();

    /// <summary>Ids of the events that were logged, those of libraries left out.</summary>
    public IEnumerable<int> Events => Logs.GetSnapshot().Where(line => line.Category?.StartsWith("Finx", StringComparison.Ordinal) is true && line.Category != "FinxFunctions.Audit").Select(line => line.Id.Id);

    /// <summary>The audit records, as <c>who what generation outcome</c>.</summary>
    public IEnumerable<string> Records => Logs.GetSnapshot().Where(line => line.Category == "FinxFunctions.Audit").Select(line => string.Join(' ', RecordFields.Select(line.GetStructuredStateValue)));

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Another process, with a memory of its own, over the same stores.</summary>
    public Scenario OtherProcess(params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(_settings);
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return new Scenario(_around, all);
    }

    /// <summary>Frees the container. A test that makes few of them need not.</summary>
    public void Free() => _container?.Dispose();

    /// <summary>Ends this process at once.</summary>
    public void Die() => _host.Die();

    /// <summary>Stops everything in this process for a while.</summary>
    public void Freeze(TimeSpan duration) => _host.Freeze(duration);

    /// <summary>Lets time pass.</summary>
    public void Pass(TimeSpan time) => _around.World.RunUntil(Now + time);

    /// <summary>Begins work, which goes on as time passes.</summary>
    public Task<T> Begin<TService, T>(Func<TService, Task<T>> work)
        where TService : notnull
    {
        var begun = _host.AskAsync(services => work(services.GetRequiredService<TService>()));

        // A process that dies is no failure of the test.
        _ = begun.ContinueWith(failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return begun;
    }

    /// <summary>Does work to its end, however much time that takes.</summary>
    public T Do<TService, T>(Func<TService, Task<T>> work)
        where TService : notnull => Await(Begin(work));

    /// <summary>Does work to its end, however much time that takes.</summary>
    public void Do<TService>(Func<TService, Task> work)
        where TService : notnull => Do(async (TService service) =>
        {
            await work(service);
            return true;
        });

    /// <summary>Lets time pass until work that was begun is done.</summary>
    public T Await<T>(Task<T> begun)
    {
        _around.World.RunUntil(Now + Limit, begun);
        Assert.True(begun.IsCompleted, $"Still not done after {Limit}: {string.Join(' ', Script.Calls)}; {_around.World.Strays} continuations came from another thread.");
        return begun.GetAwaiter().GetResult();
    }

    /// <summary>Waits for the background work.</summary>
    public void Settle() => Do((BackgroundWork background) => background.WhenIdleAsync(CancellationToken.None));

    /// <summary>Makes a link, as the caller does.</summary>
    public CreatedLink CreateLink(string? connectionId = null, LinkMode mode = LinkMode.Redirect, string? origin = null, string? challenge = null, string? state = "theirs") =>
        Do((LinkService links) => links.CreateAsync(Caller.WithKey, new LinkRequest("user-1", ReturnUri, state, connectionId, mode, origin, challenge), CancellationToken.None))!;

    /// <summary>What finX's redirect says once the user is through with the widget.</summary>
    public CallbackQuery Finish(CreatedLink link)
    {
        var (state, code) = Finx.Finish(link.FlowId);
        return new CallbackQuery(state, link.FlowId, new Secret(code), true, IsCancelled: false);
    }

    public CallbackOutcome Return(CallbackQuery query) => Do((CallbackService callback) => callback.HandleAsync(query, CancellationToken.None));

    /// <summary>Connects a bank; the connection's id. What happened for it is forgotten.</summary>
    /// <param name="exchange">The fault of the exchange of the code.</param>
    public string Connect(ScriptedFault? exchange = null)
    {
        var link = CreateLink();
        if (exchange is not null)
        {
            Script.On("token", exchange);
        }

        Assert.Equal("connected", Assert.IsType<CallbackOutcome.Finished>(Return(Finish(link))).Outcome["status"]);
        Settle();
        Script.Forget();
        Logs.Clear();
        return link.ConnectionId;
    }

    public AccessResult GetToken(string id, AccessRequest? request = null) =>
        Do((AccessTokenProvider tokens) => tokens.GetAsync(Caller.WithKey.Id, id, request ?? AccessRequest.Default, CancellationToken.None));

    /// <summary>Redeems the current refresh token of a connection.</summary>
    public RotationOutcome Refresh(string id) => Await(BeginRefresh(id));

    public Task<RotationOutcome> BeginRefresh(string id) => Begin(async (ConnectionStore store) =>
    {
        var snapshot = (await store.ReadAsync(id, CancellationToken.None))!;
        return await FinishedAsync(await Get<RotationProtocol>().RefreshAsync(snapshot, "tester"));
    });

    /// <summary>The outcome, once the steps that go on behind it are done.</summary>
    private static async Task<RotationOutcome> FinishedAsync(RotationOutcome outcome)
    {
        await ((outcome as RotationOutcome.Rotated)?.Finished ?? Task.CompletedTask);
        return outcome;
    }

    /// <summary>Has finX refuse the connection's token a first time, and lets the pause after it pass. What happened for it is forgotten.</summary>
    public void RefuseOnce(string id)
    {
        Script.On("token", ScriptedFault.Refuses());
        Assert.IsType<RotationOutcome.TryLater>(Refresh(id));
        Settle();
        Pass(RefusalPause);
        Script.Forget();
        Logs.Clear();
    }

    /// <summary>Longer than <c>Tokens__RefusalPause</c>.</summary>
    public static TimeSpan RefusalPause { get; } = TimeSpan.FromSeconds(31);

    /// <summary>Resumes what another process left.</summary>
    public RotationOutcome Recover(string id) => Do(async (ConnectionStore store) => await FinishedAsync(await Get<RotationProtocol>().RecoverAsync((await store.ReadAsync(id, CancellationToken.None))!)));

    public void Tick() => Do((RotationTimer timer) => timer.TickAsync(CancellationToken.None));

    /// <summary>What Table Storage holds of a connection; null where it holds nothing.</summary>
    public ConnectionSnapshot? Find(string id) => ConnectionRows.Snapshot([.. _around.Tables.Table("connections").Query(RowFilter.Parse($"PartitionKey eq '{id}'"), null, 100).Select(row => row.ToEntity())]);

    public ConnectionSnapshot Snapshot(string id) => Find(id)!;

    public Connection Connection(string id) => Snapshot(id).Connection;

    /// <summary>The schedule's entries of a connection.</summary>
    public IReadOnlyList<DateTimeOffset> DueTimes(string id) => [.. _around.Tables.Table("agenda").Query(RowFilter.Parse(null), null, int.MaxValue)
        .Where(row => row.RowKey.EndsWith(id, StringComparison.Ordinal))
        .Select(row => new DateTimeOffset(long.Parse(row.RowKey[..19], System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero))];

    /// <summary>The rows of a table.</summary>
    public IReadOnlyList<Row> Rows(string table) => _around.Tables.Table(table).Query(RowFilter.Parse(null), null, int.MaxValue);

    /// <summary>Makes the rotation of a connection due, past the service.</summary>
    public void MakeDue(string id)
    {
        Change(id, row => row with { NextRotationAt = Now, DueAt = Now });
        Do((RotationSchedule schedule) => schedule.AddAsync(new DueEntry(id, Now, Connection(id).RefreshExpiresAt), CancellationToken.None));
    }

    /// <summary>Changes a connection's row past the service.</summary>
    public void Change(string id, Func<Connection, Connection> change) => Do(async (ConnectionStore store) =>
    {
        var snapshot = (await store.ReadAsync(id, CancellationToken.None))!;
        Assert.NotNull(await store.TryWriteAsync(new ConnectionChange(change(snapshot.Connection)), CancellationToken.None));
    });

    /// <summary>Changes a lease's row past the service.</summary>
    public void ChangeLease(string id, Func<Lease, Lease> change) => Do(async (ConnectionStore store) =>
        Assert.NotNull(await store.TryUpdateAsync(change((await store.ReadAsync(id, CancellationToken.None))!.Lease!), CancellationToken.None)));

    /// <summary>Takes a lease away past the service, and changes the connection with it.</summary>
    public void Release(string id, Func<Connection, Connection>? change = null) => Do(async (ConnectionStore store) =>
    {
        var snapshot = (await store.ReadAsync(id, CancellationToken.None))!;
        var connection = change is null ? snapshot.Connection : change(snapshot.Connection);
        Assert.NotNull(await store.TryWriteAsync(new ConnectionChange(connection) { Release = snapshot.Lease }, CancellationToken.None));
    });

    /// <summary>Deletes the secrets of a connection past the service, for good.</summary>
    public void DeleteSecrets(string id)
    {
        foreach (var vault in Vaults)
        {
            foreach (var name in vault.Names.Where(name => name.Contains(id, StringComparison.Ordinal)))
            {
                vault.Delete(name);
                vault.Purge(name);
            }
        }
    }

    /// <summary>Deletes a connection's own row past the service.</summary>
    public void Remove(string id) => Do(async (ConnectionStore store) => Assert.True(await store.TryDeleteAsync((await store.ReadAsync(id, CancellationToken.None))!, CancellationToken.None)));

    /// <summary>The pair that a connection's row names.</summary>
    public TokenPair Pair(string id) => Do(async (TokenPairReader pairs) => (await pairs.CommittedAsync(Snapshot(id), CancellationToken.None))!);

    /// <summary>How often the refresh token, or code, of a lease or pair was presented.</summary>
    public int Presentations(Secret token) => Finx.Find(token.Reveal())!.Presentations.Count;

    /// <summary>Collects what is counted under a name.</summary>
    public MetricCollector<T> Metric<T>(string name)
        where T : struct => new(Get<IMeterFactory>(), FinxMetrics.MeterName, name);

    [SuppressMessage("Reliability", "CA2000", Justification = "The container lives as long as its test.")]
    private ServicesOnce BuildServices()
    {
        Dictionary<string, string?> settings = new()
        {
            ["Finx:BaseAddress"] = "https://finx.example",
            ["Finx:ClientId"] = "client",
            ["Finx:ClientSecret"] = InMemoryFinx.Mark + "client",
            ["Links:CallbackAddress"] = "https://finxfunctions.example/api/callback",
            ["Links:AllowedReturnUris:0"] = "https://app.example/banking",
            ["Tables:Endpoint"] = "https://tables.example",
        };
        foreach (var (index, vault) in _around.Vaults.Keys.Index())
        {
            settings[$"Vaults:Addresses:{index}"] = vault.AbsoluteUri;
        }

        foreach (var (name, value) in _settings)
        {
            settings[name] = value;
        }

        var network = new ScriptedNetwork(_around.World, _host, Script);
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddFakeLogging().SetMinimumLevel(LogLevel.Debug))
            .AddSingleton(_host.Clock)
            .AddSingleton<Random>(Random)
            .AddFinxFunctions(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddSingleton<TableServiceClient>(new StandInTableServiceClient(_around.Tables, network))
            .AddSingleton<VaultClients>(provider => new StandInVaultClients(_around.Vaults, network, provider.GetRequiredService<TokenCredential>(), provider.GetRequiredService<FinxMetrics>(), provider.GetRequiredService<IOptions<VaultOptions>>(), provider.GetRequiredService<ILogger<VaultClients>>()));
        foreach (var client in new[] { FinxTokenClient.ClientName, FinxClient.ClientName })
        {
            services.AddHttpClient(client).ConfigurePrimaryHttpMessageHandler(() => new StandInFinxHandler(Finx, network));
        }

        _container = services.BuildServiceProvider();
        return new ServicesOnce(_container);
    }

    /// <summary>What all processes share.</summary>
    private sealed class Surroundings
    {
        private static readonly Uri[] Addresses = [new("https://one.vault.azure.net/"), new("https://two.vault.azure.net/")];

        public Surroundings(ReuseMode reuse)
        {
            var clock = new SimulatedProcess(World, 0).Clock;
            Vaults = Addresses.ToDictionary(address => address, address => new InMemoryVault(address, clock));
            Finx = new InMemoryFinx(new FinxRules(reuse), clock);
        }

        public World World { get; } = new(Start);

        public TableAccount Tables { get; } = new();

        public IReadOnlyDictionary<Uri, InMemoryVault> Vaults { get; }

        public InMemoryFinx Finx { get; }
    }
}
