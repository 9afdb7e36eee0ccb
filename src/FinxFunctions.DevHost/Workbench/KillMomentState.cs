namespace FinxFunctions.DevHost.Workbench;

/// <summary>A <see cref="KillMoment"/> as the page shows it.</summary>
internal sealed record KillMomentState(string Name, string Title);
