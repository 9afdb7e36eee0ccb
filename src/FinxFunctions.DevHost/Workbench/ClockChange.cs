namespace FinxFunctions.DevHost.Workbench;

/// <param name="AdvanceHours">How far to move the sandbox's clock; it never goes back.</param>
public sealed record ClockChange(double AdvanceHours);
