namespace Finx.Tokens;

/// <summary>When a connection is due, and the agenda entry that is there by then at the latest.</summary>
internal sealed record Schedule(DateTimeOffset? RotateAt, DateTimeOffset? VisitAt);
