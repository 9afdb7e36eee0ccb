namespace FinxFunctions.DevHost.Workbench;

/// <param name="Now">The sandbox's clock.</param>
/// <param name="AheadSeconds">How far it is ahead of the real time.</param>
/// <param name="AccessTokenSeconds">How long an access token lives.</param>
/// <param name="ConsentSeconds">How long a bank's consent lasts.</param>
public sealed record WorkbenchState(DateTimeOffset Now, double AheadSeconds, double AccessTokenSeconds, double ConsentSeconds, IEnumerable<BreakageState> Breakages, IEnumerable<KillMomentState> KillMoments);
