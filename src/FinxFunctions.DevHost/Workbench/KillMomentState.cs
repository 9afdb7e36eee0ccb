namespace FinxFunctions.DevHost.Workbench;

/// <summary>A <see cref="KillMoment"/> as the page shows it.</summary>
public sealed record KillMomentState(string Name, string Title);
