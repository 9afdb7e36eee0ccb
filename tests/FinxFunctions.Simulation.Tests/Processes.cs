using Azure.Core;
using Azure.Data.Tables;
using FinxFunctions.Diagnostics;
using FinxFunctions.Finx;
using FinxFunctions.Hosting;
using FinxFunctions.KeyVault;
using FinxFunctions.StandIns;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Simulation.Tests;

/// <summary>The processes that run: each has the real services in a container of its own. All share the stores.</summary>
internal sealed class Processes(
    World world,
    SimulationOptions options,
    FaultPlan faults,
    InvariantChecker checker,
    TableAccount tables,
    IReadOnlyDictionary<Uri, InMemoryVault> vaults,
    InMemoryFinx finx,
    IConfiguration configuration)
{
    private const int Size = 3;

    private readonly List<SimulatedProcess> _hosts = [];
    private readonly SeededRandom _random = SeededRandom.Of(options.Seed, -3);
    private int _started;

    /// <summary>Replaces dead and stopped processes.</summary>
    public void StartMissing()
    {
        _hosts.RemoveAll(host => !host.IsServing);
        while (_hosts.Count < Size)
        {
            _hosts.Add(Start());
        }
    }

    /// <summary>One of the processes that serve.</summary>
    public SimulatedProcess Any()
    {
        StartMissing();
        return _random.Pick(_hosts);
    }

    /// <summary>Stops a process as a deployment does: no new requests, and time to finish its work.</summary>
    public async Task ReplaceAsync()
    {
        var host = Any();
        host.IsServing = false;
        checker.Count("deploys");
        try
        {
            await host.AskAsync(async services =>
            {
                using var limit = new CancellationTokenSource(services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout, host.Clock);
                foreach (var service in services.GetServices<IHostedService>())
                {
                    await service.StopAsync(limit.Token);
                }

                return true;
            });
        }
        catch (Exception exception) when (exception is OperationCanceledException or ProcessKilledException)
        {
            checker.Count("deploys that could not wait");
        }

        host.Die();
    }

    private SimulatedProcess Start()
    {
        var host = new SimulatedProcess(world, ++_started);
        var line = new ProcessNetwork(world, host, faults, checker);
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Finx", LogLevel.Information).AddProvider(new CheckingLogger(checker, host)))
            .AddSingleton(host.Clock)
            .AddSingleton<Random>(SeededRandom.Of(options.Seed, -100 - host.Number))
            .AddFinxFunctions(configuration)
            .AddSingleton<TableServiceClient>(new StandInTableServiceClient(tables, line))
            .AddSingleton<VaultClients>(provider => new StandInVaultClients(vaults, line, provider.GetRequiredService<TokenCredential>(), provider.GetRequiredService<FinxMetrics>(), provider.GetRequiredService<IOptions<VaultOptions>>(), provider.GetRequiredService<ILogger<VaultClients>>()));
        foreach (var client in new[] { FinxTokenClient.ClientName, FinxClient.ClientName })
        {
            services.AddHttpClient(client).ConfigurePrimaryHttpMessageHandler(() => new StandInFinxHandler(finx, line, presentation => checker.Presented(presentation, host)));
        }

        host.Services = new ServicesOnce(services.BuildServiceProvider());
        return host;
    }
}
