using Azure.Data.Tables;
using FinxSandbox;

namespace FinxFunctions.Tests.Faults.Proof;

/// <summary>Everything around the hosts: finX, Key Vault and Table Storage, behind the <see cref="Proxy"/>.</summary>
internal sealed class World : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly Storage _storage;
    private readonly List<HostProcess> _hosts = [];

    private World(Storage storage, SandboxServer sandbox, Proxy proxy, Timing timing) => (_storage, Sandbox, Proxy, Timing) = (storage, sandbox, proxy, timing);

    public SandboxServer Sandbox { get; }

    public Proxy Proxy { get; }

    public Timing Timing { get; }

    /// <summary>The hosts that run, and those that ended since <see cref="Begin"/>.</summary>
    public IReadOnlyList<HostProcess> Hosts => _hosts;

    /// <summary>The logs of all hosts.</summary>
    public IEnumerable<string> Logs => _hosts.Select(host => host.Log);

    public static async Task<World> StartAsync(Storage storage, SandboxOptions options, Timing? timing = null)
    {
        var tables = await storage.RentAsync();
        var sandbox = await SandboxServer.StartAsync(options);
        return new World(storage, sandbox, await Proxy.StartAsync(sandbox, tables), timing ?? Timing.Calm);
    }

    /// <summary>The settings of a host of this world.</summary>
    public Dictionary<string, string?> Settings() => new(Proxy.Settings())
    {
        ["Finx:ClientId"] = Sandbox.Options.ClientId,
        ["Finx:ClientSecret"] = Sandbox.Options.ClientSecret,
        ["Finx:TokenTimeout"] = Timing.TokenTimeout.ToString(),
        ["Tokens:Lease"] = Timing.Lease.ToString(),
        ["Tokens:WaitLimit"] = Timing.WaitLimit.ToString(),
        ["Tokens:ReplayWindow"] = Timing.ReplayWindow.ToString(),
        ["RotationSchedule"] = "0 0 0 30 2 *",
        ["AZURE_CLIENT_ID"] = "9a5cbf5c-3f3b-4a0c-8f5e-0d6a4f3a9b10",
        ["IDENTITY_ENDPOINT"] = Sandbox.IdentityEndpoint.AbsoluteUri,
        ["IDENTITY_HEADER"] = Sandbox.IdentityHeader,
    };

    /// <summary>Ends a host and starts another. Its timer runs only when asked to.</summary>
    /// <param name="changes">Settings beyond those of the world.</param>
    public async Task<HostProcess> ReplaceAsync(HostProcess? former, params IEnumerable<(string Name, string Value)> changes)
    {
        if (former is not null)
            await former.DisposeAsync();
        return await AddAsync(changes);
    }

    /// <summary>Starts another host. Its timer runs only when asked to.</summary>
    /// <param name="changes">Settings beyond those of the world.</param>
    public async Task<HostProcess> AddAsync(params IEnumerable<(string Name, string Value)> changes)
    {
        var settings = Settings();
        foreach (var (name, value) in changes)
            settings[name] = value;
        var host = await HostProcess.StartAsync(settings);
        _hosts.Add(host);
        Proxy.Know(host.Id);
        return host;
    }

    /// <summary>Forgets all calls and logs so far.</summary>
    public void Begin()
    {
        Proxy.Forget();
        Sandbox.Journal.Clear();
        _hosts.RemoveAll(host => host.HasEnded);
        _hosts.ForEach(host => host.Forget());
    }

    /// <summary>All rows of a table; none where it is not there.</summary>
    public async Task<IReadOnlyList<TableEntity>> RowsAsync(string table)
    {
        try
        {
            List<TableEntity> rows = [];
            await foreach (var row in new TableClient(Proxy.Account.ConnectionString, table).QueryAsync<TableEntity>())
                rows.Add(row);
            return rows;
        }
        catch (Azure.RequestFailedException exception) when (exception.Status == 404)
        {
            return [];
        }
    }

    /// <summary>Waits for a condition; false when it has not come true in time.</summary>
    public static async Task<bool> WithinAsync(TimeSpan time, Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > time)
                return false;
            await Task.Delay(Poll);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        await Proxy.DisposeAsync();
        await Sandbox.DisposeAsync();
        _storage.Return(Proxy.Account);
    }
}
