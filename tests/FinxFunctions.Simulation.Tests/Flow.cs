namespace FinxFunctions.Simulation.Tests;

/// <summary>The work that one request to a process, or one tick, starts.</summary>
internal sealed class Flow
{
    private static readonly AsyncLocal<Flow?> Ambient = new();

    public static Flow? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Connections for which finX's answer has arrived, with no later call.</summary>
    public HashSet<string> JustAnswered { get; } = [];
}
