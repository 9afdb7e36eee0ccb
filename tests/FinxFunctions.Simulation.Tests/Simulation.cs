using Finx.Connections;
using Finx.Tokens;
using FinxFunctions.Simulation.Tests.StandIns;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FinxFunctions.Simulation.Tests;

/// <summary>Years in minutes: many connections, several hosts, and everything that goes wrong with them and around them.</summary>
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
    private readonly Dictionary<Uri, SecretShelf> _vaults;
    private readonly FinxBook _finx;
    private readonly Weather _weather;
    private readonly History _history;
    private readonly Auditor _auditor;
    private readonly SimulatedHost _outside;
    private readonly Fleet _fleet;
    private readonly Dice _dice;
    private readonly List<Life> _lives = [];
    private readonly HashSet<SimulatedHost> _ticking = [];
    private readonly DateTimeOffset _end;
    private bool _isQuiet;

    private Simulation(SimulationOptions options)
    {
        _options = options;
        _end = Start + options.Length;
        _outside = new SimulatedHost(_world, 0);
        _dice = Dice.Of(options.Seed, -4);
        _weather = new Weather(options.Seed, options.Roughness, Start, _end);
        _vaults = VaultAddresses.ToDictionary(address => address, address => new SecretShelf(address, _outside.Clock));
        _finx = new FinxBook(new FinxRules(options.Reuse), _outside.Clock);
        _history = new History(_world);
        var policy = new TokenOptions { ReuseRevokesFamily = options.Reuse is ReuseMode.RevokeFamily };
        _auditor = new Auditor(_world, _tables, _vaults, _finx, _history, policy);
        foreach (var table in Tables)
        {
            _tables.Table(table).Changed = _auditor.Written;
        }

        foreach (var vault in _vaults.Values)
        {
            vault.Written = _auditor.Written;
        }

        Dictionary<string, string?> settings = new()
        {
            ["Finx:BaseAddress"] = "https://finx.example",
            ["Finx:ClientId"] = "client",
            ["Finx:ClientSecret"] = FinxBook.Mark + "client",
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
        _fleet = new Fleet(_world, options, _weather, _auditor, _tables, _vaults, _finx, configuration);
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
            _lives.Add(new Life(_world, _outside, _fleet, _finx, _auditor, Dice.Of(_options.Seed, 1_000_000 + number), number, _end));
        }

        foreach (var life in _lives)
        {
            Begin(life.LiveAsync);
        }

        Begin(TickAsync);
        Begin(DeployAsync);
        for (var month = 1; Start + TimeSpan.FromDays(30 * month) < _end; month++)
        {
            _world.RunUntil(Start + TimeSpan.FromDays(30 * month));
            _options.Progress?.Invoke($"day {30 * month}: {_auditor.Counts.GetValueOrDefault("rotations")} rotations, {_auditor.Counts.GetValueOrDefault("crashes")} crashes, {_auditor.Violations.Count} violations");
            if (_auditor.Violations.Count > 0)
            {
                // What is known by now is what counts; the rest of the years would only bury it.
                return;
            }
        }

        _world.RunUntil(_end);
        _weather.ClearUp();
        _isQuiet = true;
        _world.RunUntil(_end + QuietTime);
        foreach (var life in _lives)
        {
            CheckEnd(life);
        }

        Begin(CheckServedAsync);
        _world.RunUntil(_end + QuietTime + QuietTime);
    }

    private void CheckStrays()
    {
        if (_world.Strays > 0)
        {
            _auditor.Violated("", $"{_world.Strays} continuations came from another thread, in no time of this world: does a handler await without ConfigureAwait(false)? The first: {_world.FirstStray}");
        }
    }

    /// <summary>Starts something outside of all hosts.</summary>
    private void Begin(Func<Task> work) => _world.At(_world.Now, _outside, () => _ = _outside.AskAsync(async _ =>
    {
        try
        {
            await work();
        }
        catch (Exception exception)
        {
            _auditor.Violated("", $"the simulation itself failed: {exception}");
        }

        return true;
    }));

    // A tick every five minutes; those on which nothing can be due are left out, but for one in three days. Some are missed, some happen twice.
    private async Task TickAsync()
    {
        for (var next = Start; ; next += BetweenTicks)
        {
            if (next > _world.Now)
            {
                await _world.WaitAsync(next - _world.Now, _outside);
            }

            var isDue = string.CompareOrdinal(_tables.Table("agenda").First?.PartitionKey ?? "9", _world.Now.UtcDateTime.ToString("yyyyMMddHHmm", System.Globalization.CultureInfo.InvariantCulture)) <= 0;
            if (_isQuiet || (next.TimeOfDay == TimeSpan.Zero && next.DayOfYear % 3 == 0) || (isDue && !_dice.Chance(0.05)))
            {
                for (var times = _dice.Chance(0.05) ? 2 : 1; times > 0; times--)
                {
                    Begin(TickOnceAsync);
                }
            }
        }
    }

    private async Task TickOnceAsync()
    {
        var host = _fleet.Any();
        if (!_ticking.Add(host))
        {
            return;
        }

        try
        {
            _auditor.Count("ticks");
            await host.AskAsync(async services =>
            {
                await services.GetRequiredService<RotationTimer>().TickAsync(CancellationToken.None);
                return true;
            });
        }
        catch (Exception exception) when (exception is HostDiedException or StorageException)
        {
            _auditor.Count("ticks that failed");
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
            await _world.WaitAsync(_dice.Exponential(TimeSpan.FromDays(5)), _outside);
            await _fleet.ReplaceAsync();
        }
    }

    /// <summary>What must hold of a connection once everything has had time to settle.</summary>
    private void CheckEnd(Life life)
    {
        if (life.ConnectionId is not { } id || _auditor.SnapshotOf(id) is not { } snapshot)
        {
            return;
        }

        var connection = snapshot.Connection;
        Demand(id, snapshot.Claim is null, $"I5: a claim ({snapshot.Claim?.Kind}) was left unfinished");
        switch (connection.Status)
        {
            case ConnectionStatus.Active:
                var (isAlive, isOurs, why) = _auditor.Judge(connection);
                Demand(id, isAlive || !isOurs, $"it is lost by us: {why}");
                if (!isAlive)
                {
                    _auditor.Count($"dead at the end: {why}");
                }

                var agenda = _tables.Table("agenda").Query(RowFilter.Parse(null), null, int.MaxValue).Where(row => row.RowKey.EndsWith(id, StringComparison.Ordinal)).ToList();
                Demand(id, connection.VisitAt > _world.Now - BetweenTicks && connection.VisitAt <= connection.NextRotationAt && connection.NextRotationAt < connection.RefreshExpiresAt, "I5: its next visit comes too late or never");
                Demand(id, agenda.Count(row => row.RowKey.StartsWith($"{connection.VisitAt!.Value.UtcTicks:D19}", StringComparison.Ordinal)) == 1, "I5: the agenda does not lead there");
                _auditor.Count($"agenda entries of an active connection: {agenda.Count}");
                break;
            case ConnectionStatus.Deleted:
                Demand(id, connection.UserId is null, "I5: a deletion was left unfinished");
                Demand(id, !_vaults.Values.Any(vault => vault.Names.Any(name => name.Contains(id, StringComparison.Ordinal))), "a deleted connection left secrets behind");
                break;
            case ConnectionStatus.Pending:
                Demand(id, connection.VisitAt > _world.Now, "I5: an unfinished connection was left behind");
                break;
        }
    }

    private async Task CheckServedAsync()
    {
        foreach (var life in _lives)
        {
            if (life.ConnectionId is { } id && _auditor.SnapshotOf(id)?.Connection is { Status: ConnectionStatus.Active } connection && _auditor.Judge(connection).IsAlive)
            {
                Demand(id, await life.IsServedAsync(), "nobody gets a token for it any more");
            }
        }

        _auditor.Count("final checks");
    }

    private void Demand(string id, bool condition, string what)
    {
        if (!condition)
        {
            _auditor.Violated(id, what);
        }
    }

    private SimulationReport Report() => new(
        _options,
        _lives.CountBy(life => life.ConnectionId is { } id ? _auditor.SnapshotOf(id)?.Connection.Status.ToString() ?? "Gone" : "None").ToDictionary(),
        _auditor.Counts,
        _weather.Counts,
        _auditor.Violations,
        _history);
}
