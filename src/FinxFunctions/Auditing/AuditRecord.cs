using FinxFunctions.Primitives;

namespace FinxFunctions.Auditing;

/// <summary>One audit record. It holds no token and no user's id.</summary>
/// <param name="Who">The caller that has the connection or asked for it, or <see cref="Actor.System"/>.</param>
/// <param name="What">One of <see cref="AuditEvent"/>.</param>
/// <param name="Generation">The generation of the token pair that was read or is now in use; null where there is none.</param>
/// <param name="TraceId">The W3C trace id, which is also in logs, traces and the problem that a caller got.</param>
public sealed record AuditRecord(DateTimeOffset At, string Who, string ConnectionId, string What, int? Generation, string Outcome, string? TraceId);
