using FinxFunctions.Auditing;
using FinxFunctions.Diagnostics;
using FinxFunctions.Finx;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>Logs, metrics, traces and audit records of the rotation protocol. None of them holds a token.</summary>
public sealed partial class RotationLog(ILogger<RotationProtocol> logger, FinxMetrics metrics, AuditTrail audit, TimeProvider time)
{
    /// <summary>Runs one step of the protocol and measures it.</summary>
    public async Task<T> StepAsync<T>(string step, Func<Task<T>> work)
    {
        using var activity = FinxTraces.Step($"rotation.{step}");
        var start = time.GetTimestamp();
        try
        {
            return await work();
        }
        finally
        {
            metrics.Step(step, time.GetElapsedTime(start));
        }
    }

    /// <summary>Runs an attempt, traces it and counts its outcome.</summary>
    /// <param name="former">The trace context of the part before, as a row holds it.</param>
    public async Task<RotationOutcome> AttemptAsync(string name, LeaseKind kind, Connection connection, string? former, Func<Task<RotationOutcome>> attempt)
    {
        using var activity = FinxTraces.Begin(name, connection.Id, former);
        var outcome = await attempt();
        var said = outcome switch
        {
            RotationOutcome.Rotated => "rotated",
            RotationOutcome.LostRace => "lost_race",
            RotationOutcome.NeedsReconsent => "needs_reconsent",
            RotationOutcome.Ambiguous => "ambiguous",
            _ => "try_later",
        };
        var grant = kind is LeaseKind.Exchange ? "exchange" : "refresh";
        metrics.Rotation(grant, said);
        activity?.SetTag("finx.kind", grant).SetTag("finx.outcome", said).SetTag("finx.from_generation", connection.Generation);
        return outcome;
    }

    /// <summary>A generation was committed.</summary>
    public Task RotatedAsync(Connection before, Lease lease)
    {
        if (before.RefreshExpiresAt is { } end && lease is { Kind: LeaseKind.Refresh, AnsweredAt: { } answeredAt })
        {
            metrics.Remaining(end - answeredAt);
        }

        Rotated(lease.ConnectionId, lease.ToGeneration, lease.Kind);
        return audit.ChangedAsync(lease.Actor, lease.ConnectionId, EventOf(lease.Kind), lease.ToGeneration, "done");
    }

    /// <summary>A presentation got no usable answer.</summary>
    public void Ambiguous(Lease lease, string why)
    {
        metrics.Ambiguous();
        Ambiguous(lease.ConnectionId, lease.ToGeneration, lease.Kind, why);
    }

    /// <summary>finX refused this client, and not the token.</summary>
    public void ClientRefused(Lease lease, TokenAnswer.ClientRefused refused)
    {
        metrics.Refusal("token");
        ClientRefused(lease.ConnectionId, refused.Status, refused.Error);
    }

    /// <summary>finX refused the token. The connection does not end by that alone.</summary>
    public void Refused(Lease lease, int status, FinxError? error, bool isDead, bool isAmbiguous)
    {
        metrics.TokenRefusal(isDead ? "dead" : "suspect");
        Refused(lease.ConnectionId, lease.ToGeneration, status, error, isDead, isAmbiguous);
    }

    /// <summary>Unusually many connections are refused. None ends.</summary>
    public void UnusuallyManyRefused()
    {
        metrics.TokenRefusal("unusual");

        // The alert on a refused client wakes an operator for this as well.
        metrics.Refusal("token");
        ManyRefused();
    }

    /// <summary>A connection, or the attempt to make one, ended.</summary>
    public Task EndedAsync(Connection connection, LeaseKind kind, string actor, string reason)
    {
        metrics.Reconsent(reason);
        Ended(connection.Id, connection.Generation, reason);
        return audit.ChangedAsync(actor, connection.Id, EventOf(kind), connection.Generation, reason);
    }

    private static string EventOf(LeaseKind kind) => kind is LeaseKind.Exchange ? AuditEvent.Connect : AuditEvent.Rotation;

    [LoggerMessage(10, LogLevel.Information, "Connection {ConnectionId} is at generation {Generation} ({Kind}).")]
    private partial void Rotated(string connectionId, int generation, LeaseKind kind);

    [LoggerMessage(11, LogLevel.Information, "finX did not act on connection {ConnectionId}, generation {Generation}: {Why}.")]
    public partial void NotProcessed(string connectionId, int generation, string why);

    [LoggerMessage(12, LogLevel.Warning, "Connection {ConnectionId}, generation {Generation} ({Kind}): the outcome at finX is unknown, {Why}.")]
    private partial void Ambiguous(string connectionId, int generation, LeaseKind kind, string why);

    [LoggerMessage(13, LogLevel.Warning, "Connection {ConnectionId}, generation {Generation}: finX refused the token (status {Status}, {Error}); it says that the token is worth nothing: {IsDead}; an earlier outcome was unknown: {Ambiguous}.")]
    private partial void Refused(string connectionId, int generation, int status, FinxError? error, bool isDead, bool ambiguous);

    [LoggerMessage(14, LogLevel.Error, "finX refused this client (status {Status}, {Error}) when asked for connection {ConnectionId}. No connection ends because of it; check Finx__ClientId and Finx__ClientSecret.")]
    private partial void ClientRefused(string connectionId, int status, FinxError? error);

    [LoggerMessage(15, LogLevel.Warning, "Connection {ConnectionId} ended at generation {Generation}: {Reason}.")]
    private partial void Ended(string connectionId, int generation, string reason);

    [LoggerMessage(16, LogLevel.Warning, "Took over connection {ConnectionId} on its way to generation {Generation} ({Kind}); an answer was persisted: {IsPersisted}.")]
    public partial void Resumed(string connectionId, int generation, LeaseKind kind, bool isPersisted);

    [LoggerMessage(17, LogLevel.Error, "Table Storage did not take finX's answer for connection {ConnectionId}, generation {Generation}. It is held in memory and tried again.")]
    public partial void NotPersisted(string connectionId, int generation, Exception exception);

    [LoggerMessage(18, LogLevel.Warning, "Connection {ConnectionId}, generation {Generation}: an answer came after its lease had changed, and was persisted.")]
    public partial void PersistedLate(string connectionId, int generation);

    [LoggerMessage(19, LogLevel.Warning, "Connection {ConnectionId}, generation {Generation}: Key Vault did not take the pair. It is served from the persisted answer and tried again.")]
    public partial void VaultLater(string connectionId, int generation, Exception exception);

    [LoggerMessage(20, LogLevel.Warning, "Connection {ConnectionId}, generation {Generation}: Table Storage did not take the commit. The answer is persisted and the commit is tried again.")]
    public partial void CommitLater(string connectionId, int generation, Exception exception);

    [LoggerMessage(21, LogLevel.Error, "Unusually many refresh tokens are refused at once. No connection ends because of it; ask finX, and check Finx__BaseAddress and Finx__ClientId.")]
    private partial void ManyRefused();

    [LoggerMessage(22, LogLevel.Warning, "Connection {ConnectionId} was behind Key Vault at generation {Generation}; generation {Found} was adopted. The table was restored or failed over.")]
    public partial void Adopted(string connectionId, int generation, int found);

    [LoggerMessage(23, LogLevel.Error, "Connection {ConnectionId}, generation {Generation}: finX's answer of {Length} bytes cannot be read. It is kept encrypted until a newer generation is committed.")]
    public partial void Unreadable(string connectionId, int generation, int length);

    [LoggerMessage(24, LogLevel.Warning, "Connection {ConnectionId} was refused after connection {OtherId} of the same user got a new consent at {Since}. finX may keep one grant for each user.")]
    public partial void SharedGrant(string connectionId, string otherId, DateTimeOffset since);
}
