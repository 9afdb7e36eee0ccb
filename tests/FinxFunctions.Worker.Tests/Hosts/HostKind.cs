namespace FinxFunctions.Worker.Tests.Hosts;

/// <summary>What runs the functions.</summary>
public enum HostKind
{
    /// <summary>The built worker app, as a process of its own, under the Functions host in miniature.</summary>
    Worker,

    /// <summary>DevHost, as a process of its own.</summary>
    DevHost,

    /// <summary>Whatever answers at FINX_SUITE_ADDRESS: Core Tools, or a deployment.</summary>
    External,
}
