namespace FunctionsHost;

/// <summary>Where a host is in its life.</summary>
public enum HostState
{
    Starting,
    Running,

    /// <summary>No timer fires any more; running invocations are waited for, and new HTTP calls are still answered.</summary>
    Draining,
    Stopped,
}
