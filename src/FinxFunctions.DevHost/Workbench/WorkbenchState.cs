namespace FinxFunctions.DevHost.Workbench;

/// <param name="Now">The time by the sandbox's clock.</param>
/// <param name="AheadSeconds">How far that clock is ahead of the real time.</param>
/// <param name="AccessTokenSeconds">The lifetime of an access token.</param>
/// <param name="ConsentSeconds">The lifetime of a bank's consent.</param>
public sealed record WorkbenchState(DateTimeOffset Now, double AheadSeconds, double AccessTokenSeconds, double ConsentSeconds, IEnumerable<BreakageState> Breakages, IEnumerable<KillMomentState> KillMoments);
