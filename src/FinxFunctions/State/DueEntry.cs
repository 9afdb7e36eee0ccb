namespace FinxFunctions.State;

/// <summary>A note that a connection is to be looked at.</summary>
/// <param name="At">When.</param>
/// <param name="Deadline">When it would be too late: the refresh token's end. Null where no token hangs on it.</param>
public sealed record DueEntry(string ConnectionId, DateTimeOffset At, DateTimeOffset? Deadline);
