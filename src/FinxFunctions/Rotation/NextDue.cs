namespace FinxFunctions.Rotation;

/// <summary>When a connection is due next, and the due entry that leads to it by then.</summary>
public sealed record NextDue(DateTimeOffset? RotateAt, DateTimeOffset? DueAt);
