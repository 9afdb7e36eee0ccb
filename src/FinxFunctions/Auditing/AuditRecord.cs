using FinxFunctions.Primitives;

namespace FinxFunctions.Auditing;

/// <summary>One thing that happened. It holds no token, and no user's id.</summary>
/// <param name="Who">The caller that owns the connection or asked for it, or <see cref="Actor.System"/>.</param>
/// <param name="What">One of <see cref="AuditEvent"/>.</param>
/// <param name="Generation">Of the token pair that was read or is now in use; null where there is none.</param>
/// <param name="TraceId">Joins the record with logs and traces (W3C), and with the problem that a caller saw.</param>
public sealed record AuditRecord(DateTimeOffset At, string Who, string ConnectionId, string What, int? Generation, string Outcome, string? TraceId);
