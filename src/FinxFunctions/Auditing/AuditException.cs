namespace FinxFunctions.Auditing;

/// <summary>A token read could not be recorded, and so must not take place. Passing, or an operator's to mend.</summary>
public sealed class AuditException(Exception inner) : Exception("The audit trail is not available.", inner);
