namespace FinxSandbox.Calls;

/// <summary>What a call is: the operation's name, for the journal and the faults, and what it does.</summary>
internal sealed record Operation(string Name, Func<Call, Answer> Act)
{
    /// <summary>Neither journalled nor open to faults.</summary>
    public bool IsAside { get; init; }
}
