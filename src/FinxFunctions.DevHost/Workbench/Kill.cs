namespace FinxFunctions.DevHost.Workbench;

/// <summary>Asks for a process to be killed while it replaces the tokens of this connection.</summary>
/// <param name="Generation">Of the tokens to be replaced.</param>
/// <param name="Moment">Name of a <see cref="KillMoment"/>.</param>
public sealed record Kill(string ConnectionId, int Generation, string Moment);
