using FinxFunctions.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FinxFunctions.Hosting;

/// <summary>Runs the health checks, at most once in 5 seconds however many ask, and keeps the report for that long.</summary>
public sealed class HealthMemory(HealthCheckService checks, FinxMetrics metrics, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1);
    private (HealthReport Report, long At)? _last;

    /// <summary>A report that is at most 5 seconds old.</summary>
    public async Task<HealthReport> CheckAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_last is { } last && time.GetElapsedTime(last.At) < Lifetime)
            {
                return last.Report;
            }

            var report = await checks.CheckHealthAsync(cancellationToken);
            foreach (var (dependency, entry) in report.Entries)
            {
                metrics.Health(dependency, entry.Status is HealthStatus.Healthy);
            }

            _last = (report, time.GetTimestamp());
            return report;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
