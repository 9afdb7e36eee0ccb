using System.Diagnostics;
using FinxFunctions.Diagnostics;

namespace FinxFunctions.Auditing;

/// <summary>Records who read a token or changed a connection, and with what outcome. No record holds a token.</summary>
public sealed partial class AuditTrail(IAuditDestination destination, FinxMetrics metrics, TimeProvider time, ILogger<AuditTrail> logger)
{
    /// <summary>Records a token read before the token is returned.</summary>
    /// <exception cref="AuditException">It could not be recorded. The token must not be returned.</exception>
    public async Task ReadAsync(string who, string connectionId, int? generation, string outcome, CancellationToken cancellationToken)
    {
        try
        {
            await destination.WriteAsync(Record(who, connectionId, AuditEvent.TokenRead, generation, outcome), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.AuditFailure(AuditEvent.TokenRead);
            throw new AuditException(exception);
        }
    }

    /// <summary>Records a change that was made. If that fails, the change stays, and the record is logged as an error.</summary>
    public async Task ChangedAsync(string who, string connectionId, string what, int? generation, string outcome)
    {
        var record = Record(who, connectionId, what, generation, outcome);
        try
        {
            await destination.WriteAsync(record, CancellationToken.None);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            metrics.AuditFailure(what);
            NotRecorded(record, exception);
        }
    }

    private AuditRecord Record(string who, string connectionId, string what, int? generation, string outcome) =>
        new(time.GetUtcNow(), who, connectionId, what, generation, outcome, Activity.Current?.TraceId.ToString());

    [LoggerMessage(71, LogLevel.Error, "A change was made and could not be recorded: {Record}.")]
    private partial void NotRecorded(AuditRecord record, Exception exception);
}
