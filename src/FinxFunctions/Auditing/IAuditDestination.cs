namespace FinxFunctions.Auditing;

/// <summary>Where audit records are written.</summary>
public interface IAuditDestination
{
    Task WriteAsync(AuditRecord record, CancellationToken cancellationToken);
}
