namespace FinxFunctions.Rotation;

/// <summary>When a connection is due, and the schedule entry that is there by then at the latest.</summary>
public sealed record NextDue(DateTimeOffset? RotateAt, DateTimeOffset? VisitAt);
