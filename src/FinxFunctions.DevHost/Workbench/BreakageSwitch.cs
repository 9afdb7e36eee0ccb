namespace FinxFunctions.DevHost.Workbench;

/// <summary>A request to switch a <see cref="Breakage"/> on or off.</summary>
public sealed record BreakageSwitch(bool On);
