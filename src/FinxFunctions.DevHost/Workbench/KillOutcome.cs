namespace FinxFunctions.DevHost.Workbench;

/// <param name="IsKilled">False where the process came to no rotation, or to its end.</param>
/// <param name="Text">What happened, in words.</param>
public sealed record KillOutcome(bool IsKilled, string Text);
