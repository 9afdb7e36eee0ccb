namespace FinxFunctions.Auditing;

/// <summary>A token read could not be recorded, so the token is not returned. A later try may succeed, or an operator must act.</summary>
public sealed class AuditException(Exception inner) : Exception("The audit trail is not available.", inner);
