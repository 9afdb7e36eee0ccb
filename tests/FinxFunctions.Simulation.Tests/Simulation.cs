using FinxFunctions.Maintenance;
using FinxFunctions.Rotation;
using FinxFunctions.StandIns;
using FinxFunctions.State;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FinxFunctions.Simulation.Tests;

/// <summary>Years in minutes: many connections, several processes, and faults of everything they depend on.</summary>
internal sealed class Simulation
{
    private static readonly DateTimeOffset Start = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan BetweenTicks = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan QuietTime = TimeSpan.FromHours(6);

    private static readonly Uri[] VaultAddresses = [new("https://one.vault.azure.net/"), new("https://two.vault.azure.net/")];
    private static readonly string[] Tables = ["connections", "agenda", "users"];

    private readonly SimulationOptions _options;
    private readonly World _world = new(Start);
    private readonly TableAccount _tables = new();
    private readonly Dictionary<Uri, InMemoryVault> _vaults;
    private readonly InMemoryFinx _finx;
    private readonly FaultPlan _faults;
    private readonly History _history;
    private readonly InvariantChecker _checker;
    private readonly SimulatedProcess _outside;
    private readonly Processes _processes;
    private readonly SeededRandom _random;
    private readonly List<SimulatedUser> _lives = [];
    private readonly HashSet<SimulatedProcess> _ticking = [];
    private readonly DateTimeOffset _end;
    private bool _isQuiet;

    private Simulation(SimulationOptions options)
    {
        _options = options;
        _end = Start + options.Length;
        _outside = new SimulatedProcess(_world, 0);
        _random = SeededRandom.Of(options.Seed, -4);
        _faults = new FaultPlan(options.Seed, options.FaultFactor, Start, _end);
        _vaults = VaultAddresses.ToDictionary(address => address, address => new InMemoryVault(address, _outside.Clock));
        _finx = new InMemoryFinx(new FinxRules(options.Reuse) { NodeLag = TimeSpan.FromSeconds(1.5), GrantThrottle = TimeSpan.FromSeconds(2) }, _outside.Clock);
        PlanTroubles();
        _history = new History(_world);
        var policy = new TokenOptions { ReuseRevokesFamily = options.Reuse is ReuseMode.RevokeFamily };
        _checker = new InvariantChecker(_world, _tables, _vaults, _finx, _history, policy);
        foreach (var table in Tables)
        {
            _tables.Table(table).Changed = _checker.Written;
        }

        foreach (var vault in _vaults.Values)
        {
            vault.Written = _checker.Written;
        }

        Dictionary<string, string?> settings = new()
        {
            ["Finx:BaseAddress"] = "https://finx.example",
            ["Finx:ClientId"] = "client",
            ["Finx:ClientSecret"] = InMemoryFinx.Mark + "client",
            ["Links:CallbackAddress"] = "https://finxfunctions.example/api/callback",
            ["Links:AllowedReturnUris:0"] = "https://app.example/banking",
            ["Tables:Endpoint"] = "https://tables.example",
            ["Tokens:ReuseRevokesFamily"] = policy.ReuseRevokesFamily.ToString(),
        };
        foreach (var (index, vault) in _vaults.Keys.Index())
        {
            settings[$"Vaults:Addresses:{index}"] = vault.AbsoluteUri;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        _processes = new Processes(_world, options, _faults, _checker, _tables, _vaults, _finx, configuration);
    }

    public static SimulationReport Run(SimulationOptions options)
    {
        var simulation = new Simulation(options);
        simulation.Go();
        simulation.CheckStrays();
        return simulation.Report();
    }

    private void Go()
    {
        for (var number = 0; number < _options.Connections; number++)
        {
            _lives.Add(new SimulatedUser(_world, _outside, _processes, _finx, _checker, SeededRandom.Of(_options.Seed, 1_000_000 + number), number, _end));
        }

        foreach (var user in _lives)
        {
            Begin(user.RunAsync);
        }

        Begin(TickAsync);
        Begin(DeployAsync);
        for (var month = 1; Start + TimeSpan.FromDays(30 * month) < _end; month++)
        {
            _world.RunUntil(Start + TimeSpan.FromDays(30 * month));
            _options.Progress?.Invoke($"day {30 * month}: {_checker.Counts.GetValueOrDefault("rotations")} rotations, {_checker.Counts.GetValueOrDefault("crashes")} crashes, {_checker.Violations.Count} violations");
            if (_checker.Violations.Count > 0)
            {
                // The first violations are what counts. More years would hide them.
                return;
            }
        }

        _world.RunUntil(_end);
        _faults.ClearUp();
        _finx.Troubles.Clear();
        _finx.Rules = new FinxRules(_options.Reuse);
        _isQuiet = true;
        _world.RunUntil(_end + QuietTime);
        foreach (var user in _lives)
        {
            CheckEnd(user);
        }

        Begin(CheckServedAsync);
        _world.RunUntil(_end + QuietTime + QuietTime);
    }

    /// <summary>Hours in which finX answers odd things, and moments in which it refuses everything.</summary>
    private void PlanTroubles()
    {
        var random = SeededRandom.Of(_options.Seed, -5);
        foreach (var trouble in Enum.GetValues<FinxTrouble>())
        {
            for (var at = Start + random.Exponential(TimeSpan.FromDays(40)); at < _end; at += random.Exponential(TimeSpan.FromDays(40)))
            {
                _finx.Troubles.Add(trouble, at, trouble is FinxTrouble.RefusesAll ? random.Span(TimeSpan.Zero, TimeSpan.FromSeconds(20)) : random.Exponential(TimeSpan.FromMinutes(20)));
            }
        }
    }

    private void CheckStrays()
    {
        if (_world.Strays > 0)
        {
            _checker.Violated("", $"{_world.Strays} continuations came from another thread, in no time of this world: does a handler await without ConfigureAwait(false)? The first: {_world.FirstStray}");
        }
    }

    /// <summary>Starts work outside of all processes.</summary>
    private void Begin(Func<Task> work) => _world.At(_world.Now, _outside, () => _ = _outside.AskAsync(async _ =>
    {
        try
        {
            await work();
        }
        catch (Exception exception)
        {
            _checker.Violated("", $"the simulation itself failed: {exception}");
        }

        return true;
    }));

    // A tick every five minutes. Ticks on which nothing can be due are left out, except one in three days. Some are missed, some happen twice.
    private async Task TickAsync()
    {
        for (var next = Start; ; next += BetweenTicks)
        {
            if (next > _world.Now)
            {
                await _world.WaitAsync(next - _world.Now, _outside);
            }

            var isDue = string.CompareOrdinal(_tables.Table("agenda").First?.PartitionKey ?? "9", _world.Now.UtcDateTime.ToString("yyyyMMddHHmm", System.Globalization.CultureInfo.InvariantCulture)) <= 0;
            if (_isQuiet || (next.TimeOfDay == TimeSpan.Zero && next.DayOfYear % 3 == 0) || (isDue && !_random.Chance(0.05)))
            {
                for (var times = _random.Chance(0.05) ? 2 : 1; times > 0; times--)
                {
                    Begin(TickOnceAsync);
                }
            }
        }
    }

    private async Task TickOnceAsync()
    {
        var host = _processes.Any();
        if (!_ticking.Add(host))
        {
            return;
        }

        try
        {
            _checker.Count("ticks");
            await host.AskAsync(async services =>
            {
                await services.GetRequiredService<RotationTimer>().TickAsync(CancellationToken.None);
                return true;
            });
        }
        catch (Exception exception) when (exception is ProcessKilledException or StorageException)
        {
            _checker.Count("ticks that failed");
        }
        finally
        {
            _ticking.Remove(host);
        }
    }

    private async Task DeployAsync()
    {
        while (!_isQuiet)
        {
            await _world.WaitAsync(_random.Exponential(TimeSpan.FromDays(5)), _outside);
            await _processes.ReplaceAsync();
        }
    }

    /// <summary>What must hold for a connection when all work is done.</summary>
    private void CheckEnd(SimulatedUser user)
    {
        if (user.ConnectionId is not { } id || _checker.SnapshotOf(id) is not { } snapshot)
        {
            return;
        }

        var connection = snapshot.Connection;
        Demand(id, snapshot.Lease is null, $"I5: a lease ({snapshot.Lease?.Kind}) was left unfinished");
        switch (connection.Status)
        {
            case ConnectionStatus.Active:
                var (isAlive, isOurs, why) = _checker.Judge(connection);
                Demand(id, isAlive || !isOurs, $"it is lost by us: {why}");
                Demand(id, connection.RefreshExpiresAt > _world.Now, "I8: it is active past the life of its token");
                if (!isAlive)
                {
                    _checker.Count($"dead at the end: {why}");
                }

                var schedule = _tables.Table("agenda").Query(RowFilter.Parse(null), null, int.MaxValue).Where(row => row.RowKey.EndsWith(id, StringComparison.Ordinal)).ToList();
                Demand(id, connection.DueAt > _world.Now - BetweenTicks && connection.DueAt <= connection.NextRotationAt && connection.NextRotationAt < connection.RefreshExpiresAt, "I5: its next reconciler comes too late or never");
                Demand(id, schedule.Count(row => row.RowKey.StartsWith($"{connection.DueAt!.Value.UtcTicks:D19}", StringComparison.Ordinal)) == 1, "I5: the schedule does not lead there");
                _checker.Count($"schedule entries of an active connection: {schedule.Count}");
                break;
            case ConnectionStatus.Deleted:
                Demand(id, connection.UserId is null, "I5: a deletion was left unfinished");
                Demand(id, !_vaults.Values.Any(vault => vault.Names.Any(name => name.Contains(id, StringComparison.Ordinal))), "a deleted connection left secrets behind");
                break;
            case ConnectionStatus.Pending:
                Demand(id, connection.DueAt > _world.Now, "I5: an unfinished connection was left behind");
                break;
        }
    }

    private async Task CheckServedAsync()
    {
        foreach (var user in _lives)
        {
            if (user.ConnectionId is { } id && _checker.SnapshotOf(id)?.Connection is { Status: ConnectionStatus.Active } connection && _checker.Judge(connection).IsAlive)
            {
                Demand(id, await user.IsServedAsync(), "it gives no token any more");
            }
        }

        _checker.Count("final checks");
    }

    private void Demand(string id, bool condition, string what)
    {
        if (!condition)
        {
            _checker.Violated(id, what);
        }
    }

    private SimulationReport Report() => new(
        _options,
        _lives.CountBy(user => user.ConnectionId is { } id ? _checker.SnapshotOf(id)?.Connection.Status.ToString() ?? "Gone" : "None").ToDictionary(),
        _checker.Counts,
        _faults.Counts,
        _checker.Violations,
        _history);
}
