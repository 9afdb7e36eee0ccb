namespace FinxFunctions.DevHost.Workbench;

/// <summary>A request to kill a process while it replaces the tokens of a connection.</summary>
/// <param name="Generation">The generation of the tokens to be replaced.</param>
/// <param name="Moment">The name of a <see cref="KillMoment"/>.</param>
public sealed record KillRequest(string ConnectionId, int Generation, string Moment);
