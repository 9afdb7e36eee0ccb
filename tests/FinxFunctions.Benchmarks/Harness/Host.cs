namespace FinxFunctions.Benchmarks.Harness;

/// <summary>Where the measured code ran.</summary>
internal enum Host
{
    /// <summary>In the benchmark's own process, without a server.</summary>
    InProcess,

    /// <summary>In the published worker app, a process that FunctionsHost starts.</summary>
    Worker,

    /// <summary>In tests/EmptyWorker, published and started in the same way.</summary>
    EmptyWorker,
}
