namespace FunctionsHost.Timers;

/// <summary>A timer function cannot be run, for want of a schedule.</summary>
internal sealed class TimerIndexingException(string message) : Exception(message);
