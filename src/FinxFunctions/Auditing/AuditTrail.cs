using System.Diagnostics;
using FinxFunctions.Diagnostics;

namespace FinxFunctions.Auditing;

/// <summary>Who read a token or changed a connection, and what came of it: one record each, never a token.</summary>
public sealed partial class AuditTrail(IAuditDestination destination, FinxMetrics metrics, TimeProvider time, ILogger<AuditTrail> logger)
{
    /// <summary>Records a token read before the token is given out.</summary>
    /// <exception cref="AuditException">It could not be recorded: the token must not be given out.</exception>
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

    /// <summary>Records a change that was made. It is not undone for want of a record: that is logged, with what the record would have said.</summary>
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
