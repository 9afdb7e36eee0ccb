namespace FunctionsHost.Workers;

/// <summary>The worker ended while an invocation was running there, or none is there to take it.</summary>
internal sealed class WorkerGoneException(string message) : Exception(message);
