namespace FinxFunctions.DevHost.Workbench;

/// <summary>A <see cref="Breakage"/> as the page shows it.</summary>
/// <param name="EndsAt">When it ends by itself, by the sandbox's clock. Null where it does not, or is off.</param>
public sealed record BreakageState(string Name, string Group, string Title, string Explanation, bool IsOn, DateTimeOffset? EndsAt);
