using Finx.Api;
using Finx.Audit;
using Finx.Connections;

namespace Finx.Tokens;

/// <summary>
/// Looks at one connection and does what its rows call for: finish what was left, remove what is over, rotate what is due. Then sees to it
/// that the agenda leads here again.
/// </summary>
internal sealed class ConnectionVisit(
    ConnectionStore store,
    Agenda agenda,
    TokenVault vault,
    PairReader pairs,
    RotationProtocol rotation,
    ConnectionRemoval removal,
    FinxTokenClient finx,
    UserIds userIds,
    TokenCache cache,
    AuditTrail audit,
    Pace pace)
{
    /// <summary>How long an unfinished connection is kept behind the end of its last link.</summary>
    private static readonly TimeSpan PendingGrace = TimeSpan.FromDays(1);

    /// <summary>When a connection whose link ends then is looked at if nothing comes of it.</summary>
    public static DateTimeOffset AfterLink(DateTimeOffset expiresAt) => expiresAt + PendingGrace;

    /// <exception cref="StorageException">The entry stays.</exception>
    /// <exception cref="VaultException">The entry stays.</exception>
    public async Task VisitAsync(AgendaEntry entry)
    {
        if (await store.ReadAsync(entry.ConnectionId, CancellationToken.None) is { } snapshot)
        {
            if (IsForFinx(snapshot) && finx.IsResting)
            {
                // Nothing can be done here. The entry keeps its place among the urgent.
                return;
            }

            await TendAsync(snapshot);
            await RescheduleAsync(entry);
        }

        await agenda.RemoveAsync(entry, CancellationToken.None);
    }

    /// <summary>Whether all that is to be done is to have finX exchange the refresh token.</summary>
    private bool IsForFinx(ConnectionSnapshot snapshot) =>
        snapshot is { Claim: null, Connection: { Status: ConnectionStatus.Active } connection } && IsDue(connection);

    private bool IsDue(Connection connection) => connection.NextRotationAt <= pace.Now && !(connection.RetryAt > pace.Now);

    private async Task TendAsync(ConnectionSnapshot snapshot)
    {
        var connection = snapshot.Connection;
        switch (snapshot)
        {
            case { Claim: { } claim } when claim.LeaseUntil > pace.Now:
                break;
            case { Connection.Status: ConnectionStatus.Deleted }:
                await removal.ResumeAsync(snapshot);
                break;
            case { Claim: not null }:
                Remember(connection, await rotation.RecoverAsync(snapshot));
                break;
            case { Connection.Status: ConnectionStatus.Pending } when IsOver(snapshot):
                if (await store.TryRemoveAsync(snapshot, CancellationToken.None))
                {
                    await store.ForgetUserAsync(connection, CancellationToken.None);
                    await audit.ChangedAsync(AuditTrail.SystemActor, connection.Id, AuditEvent.Deletion, connection.Generation, "expired");
                }

                break;
            case { Connection.Status: ConnectionStatus.Active } when IsDue(connection):
                if (await pairs.CommittedAsync(snapshot, CancellationToken.None) is { } pair)
                {
                    Remember(connection, await rotation.RefreshAsync(snapshot, pair, AuditTrail.SystemActor));
                }

                break;
        }
    }

    private bool IsOver(ConnectionSnapshot snapshot) => snapshot.Links.All(link => AfterLink(link.ExpiresAt) <= pace.Now);

    private void Remember(Connection connection, RotationOutcome outcome)
    {
        if (outcome is RotationOutcome.Rotated { Pair: var pair })
        {
            cache.Put(connection.Owner, pair);
        }
    }

    // The connection's row names the entry that will bring the timer back. Where that is the one just visited, or it is past, the next
    // is written first and the row after it. A rotation on demand leaves its entry where it is: it comes early, and is moved here.
    private async Task RescheduleAsync(AgendaEntry entry)
    {
        if (await store.ReadAsync(entry.ConnectionId, CancellationToken.None) is not { } snapshot)
        {
            return;
        }

        var connection = snapshot.Connection;
        if (snapshot.Claim is { } claim)
        {
            await agenda.AddAsync(new AgendaEntry(connection.Id, Later(claim.LeaseUntil, pace.Now.AddSeconds(1)), entry.Deadline), CancellationToken.None);
        }

        var retired = connection.RetiredSecret;
        if (retired is not null && snapshot.Claim is null)
        {
            await vault.DeleteAsync(connection.Vault, retired, CancellationToken.None);
        }

        var userId = await userIds.RenewAsync(connection, CancellationToken.None);
        var isCurrent = connection.VisitAt is null || connection.VisitAt <= entry.At || connection.VisitAt <= pace.Now;
        if ((!isCurrent && retired is null && userId is null) || snapshot.Claim is not null)
        {
            return;
        }

        var next = isCurrent ? NextVisit(snapshot) : connection.VisitAt;
        if (isCurrent && next is { } at)
        {
            await agenda.AddAsync(new AgendaEntry(connection.Id, at, connection.RefreshExpiresAt), CancellationToken.None);
        }

        if (next != connection.VisitAt || retired is not null || userId is not null)
        {
            var moved = connection with { VisitAt = next, RetiredSecret = null, UserId = userId ?? connection.UserId };
            await store.TryWriteAsync(new ConnectionChange(moved), CancellationToken.None);
        }
    }

    private DateTimeOffset? NextVisit(ConnectionSnapshot snapshot) => snapshot.Connection switch
    {
        { Status: ConnectionStatus.Active, NextRotationAt: { } rotateAt, RetryAt: var retryAt } => Later(Later(rotateAt, retryAt ?? rotateAt), pace.Now.AddSeconds(1)),
        { Status: ConnectionStatus.Pending } => Later(snapshot.Links.Select(link => AfterLink(link.ExpiresAt)).DefaultIfEmpty(pace.Now).Max(), pace.Now.AddSeconds(1)),
        { Status: ConnectionStatus.Deleted, VisitAt: { } purgeAt } when purgeAt > pace.Now => purgeAt,
        _ => null,
    };

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;
}
