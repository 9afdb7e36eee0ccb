namespace FinxFunctions.Auditing;

/// <summary>Where records are kept.</summary>
public interface IAuditDestination
{
    Task WriteAsync(AuditRecord record, CancellationToken cancellationToken);
}
