namespace FinxFunctions.Simulation.Tests;

/// <summary>What one request to a host, or one tick, sets in motion there.</summary>
internal sealed class Flow
{
    private static readonly AsyncLocal<Flow?> Ambient = new();

    public static Flow? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Connections for which finX's answer has arrived and nothing was done since.</summary>
    public HashSet<string> JustAnswered { get; } = [];
}
