namespace FinxFunctions.DevHost.Workbench;

/// <summary>A <see cref="Breakage"/> as the page shows it.</summary>
public sealed record BreakageState(string Name, string Title, string Explanation, bool IsOn);
