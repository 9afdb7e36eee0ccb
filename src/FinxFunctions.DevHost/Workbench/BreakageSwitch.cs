namespace FinxFunctions.DevHost.Workbench;

/// <summary>Asks for a <see cref="Breakage"/>, or for things to be put right.</summary>
public sealed record BreakageSwitch(bool On);
