using Azure;
using FinxFunctions.Diagnostics;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Hosting;

/// <summary>Asks each dependency for a sign of life, with little patience and not too often. Touches no token.</summary>
public sealed class HealthService : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(5);

    private readonly StateTables _tables;
    private readonly VaultClients _vaults;
    private readonly FinxClient _finx;
    private readonly FinxMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1);
    private (HealthReport Report, long At)? _last;

    public HealthService(StateTables tables, VaultClients vaults, FinxClient finx, FinxMetrics metrics, TimeProvider time) =>
        (_tables, _vaults, _finx, _metrics, _time) = (tables, vaults, finx, metrics, time);

    public async Task<HealthReport> CheckAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && _time.GetElapsedTime(last.At) < Memory)
            {
                return last.Report;
            }

            var checks = await Task.WhenAll(
                ProbeAsync("table_storage", TablesAsync, cancellationToken),
                ProbeAsync("key_vault", VaultAsync, cancellationToken),
                ProbeAsync("finx", _finx.ProbeAsync, cancellationToken));
            var report = new HealthReport(checks.All(check => check.Value == HealthReport.Healthy) ? HealthReport.Healthy : HealthReport.Unhealthy, checks.ToDictionary());
            foreach (var (dependency, status) in checks)
            {
                _metrics.Health(dependency, status == HealthReport.Healthy);
            }

            _last = (report, _time.GetTimestamp());
            return report;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private static async Task<KeyValuePair<string, string>> ProbeAsync(string name, Func<CancellationToken, Task> probe, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await probe(patience.Token).WaitAsync(patience.Token);
            return KeyValuePair.Create(name, HealthReport.Healthy);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return KeyValuePair.Create(name, HealthReport.Unhealthy);
        }
    }

    private async Task TablesAsync(CancellationToken cancellationToken)
    {
        var table = await _tables.RotationScheduleAsync(cancellationToken);
        await foreach (var _ in table.QueryAsync<Azure.Data.Tables.TableEntity>("PartitionKey eq 'health'", maxPerPage: 1, cancellationToken: cancellationToken))
        {
        }
    }

    /// <summary>Every vault is asked for a secret that does not exist: an answer of 404 takes the right to read, and nothing more.</summary>
    private Task VaultAsync(CancellationToken cancellationToken) => Task.WhenAll(_vaults.All.Select(async client =>
    {
        try
        {
            await client.GetSecretAsync("health", cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 404)
        {
        }
    }));
}
