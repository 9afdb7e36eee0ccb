namespace Finx.Audit;

/// <summary>Where records are kept.</summary>
internal interface IAuditDestination
{
    Task WriteAsync(AuditRecord record, CancellationToken cancellationToken);
}
