using FinxFunctions.Benchmarks.Harness;

namespace FinxFunctions.Benchmarks.Load;

/// <param name="Latencies">The latency of each request, in seconds.</param>
internal sealed record LoadResult(int Requests, double Seconds, Samples Latencies, long Bytes)
{
    public double PerSecond => Requests / Seconds;
}
