namespace FinxSandbox.Calls;

/// <summary>A call's operation: its name, for the journal and the faults, and its action.</summary>
internal sealed record Operation(string Name, Func<Call, Answer> Act)
{
    /// <summary>Without journal and faults.</summary>
    public bool IsAside { get; init; }

    /// <summary>The answer to a token, code or secret that is not known.</summary>
    public Func<Call, Answer> Unknown { get; init; } = _ => Answer.Empty(StatusCodes.Status404NotFound);

    /// <summary>The answer to a client that is not known or has no access.</summary>
    public Func<Call, Answer> BadClient { get; init; } = _ => Answer.Empty(StatusCodes.Status401Unauthorized);
}
