namespace FinxFunctions.DevHost.Workbench;

/// <param name="IsKilled">False if the process did not rotate, or finished before it was killed.</param>
/// <param name="Text">What happened, as a text.</param>
public sealed record KillOutcome(bool IsKilled, string Text);
