namespace FunctionsHost;

/// <summary>How long a stop takes at most, step by step. The values are those of the Functions host 4.1037.</summary>
public sealed record HostTimings
{
    /// <summary>How long running invocations are waited for before they are cancelled.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the worker may take to end after the terminate message, before it is killed.</summary>
    public TimeSpan TerminateGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the worker may take to start and to load its functions.</summary>
    public TimeSpan Start { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a proxied request may stand still.</summary>
    public TimeSpan ProxyActivity { get; init; } = TimeSpan.FromSeconds(240);
}
