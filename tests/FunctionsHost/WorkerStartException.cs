namespace FunctionsHost;

/// <summary>The worker ended, failed or kept silent before its functions were loaded.</summary>
public sealed class WorkerStartException(string message, int? exitCode, string output) : Exception($"{message}\n{output}")
{
    /// <summary>Null where the worker was still running; the host has killed it since.</summary>
    public int? ExitCode { get; } = exitCode;

    /// <summary>All that the worker printed.</summary>
    public string Output { get; } = output;
}
