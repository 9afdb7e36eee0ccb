namespace FinxSandbox.Calls;

/// <summary>A call's operation: its name, for the journal and the faults, and its action.</summary>
internal sealed record Operation(string Name, Func<Call, Answer> Act)
{
    /// <summary>Without journal and faults.</summary>
    public bool IsAside { get; init; }
}
