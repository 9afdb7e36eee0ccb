using FunctionsHost.Functions;

namespace FunctionsHost.Workers;

/// <summary>A worker process that has loaded its functions, and the channel to it.</summary>
internal sealed record Worker(WorkerProcess Process, WorkerChannel Channel, IReadOnlyList<HostFunction> Functions);
