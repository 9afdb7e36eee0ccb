namespace FinxSandbox.Finx.Data;

/// <summary>A synchronisation and the days that it fetched.</summary>
internal sealed record Sync(string Id, DateTimeOffset At, DateOnly From, DateOnly To);
