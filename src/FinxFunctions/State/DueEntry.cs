namespace FinxFunctions.State;

/// <summary>An entry of the rotation schedule: a connection is due.</summary>
/// <param name="At">When.</param>
/// <param name="Deadline">When the refresh token ends; null where no token depends on the entry.</param>
public sealed record DueEntry(string ConnectionId, DateTimeOffset At, DateTimeOffset? Deadline)
{
    /// <summary>How often in a row the timer could not reconcile the connection, for the backoff.</summary>
    public int Failures { get; init; }
}
