namespace FinxFunctions.DevHost.Workbench;

/// <param name="AdvanceHours">How far to move the sandbox's clock forward.</param>
public sealed record ClockChange(double AdvanceHours);
