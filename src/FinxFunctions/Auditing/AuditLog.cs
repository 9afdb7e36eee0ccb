namespace FinxFunctions.Auditing;

/// <summary>Writes records as log lines of their own category. Used where no storage account for the audit trail is configured.</summary>
public sealed partial class AuditLog(ILoggerFactory loggers) : IAuditDestination
{
    public const string Category = "FinxFunctions.Audit";

    private readonly ILogger _logger = loggers.CreateLogger(Category);

    public Task WriteAsync(AuditRecord record, CancellationToken cancellationToken)
    {
        Record(record.At, record.Who, record.What, record.ConnectionId, record.Generation, record.Outcome, record.TraceId);
        return Task.CompletedTask;
    }

    [LoggerMessage(70, LogLevel.Information, "{At:O} {Who}: {What} of connection {ConnectionId}, generation {Generation}: {Outcome} (trace {TraceId}).")]
    private partial void Record(DateTimeOffset at, string who, string what, string connectionId, int? generation, string outcome, string? traceId);
}
