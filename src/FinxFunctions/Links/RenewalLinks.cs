using FinxFunctions.Auditing;
using FinxFunctions.Finx;
using FinxFunctions.Http;
using FinxFunctions.State;

namespace FinxFunctions.Links;

/// <summary>Makes links that renew a connection in place.</summary>
public sealed class RenewalLinks(ConnectionStore store, LinkIdempotency idempotency, WidgetLinks widgetLinks, AuditTrail audit)
{
    private const int WriteTries = 5;

    /// <summary>A link to the connection; null if the caller has no such connection.</summary>
    /// <param name="userKey">Keyed hash of the user's id.</param>
    /// <param name="repeatable">The hashes of a request with an Idempotency-Key; null without one.</param>
    /// <exception cref="FinxException">finX did not make the link. Nothing was stored.</exception>
    /// <exception cref="StorageException">Table Storage did not answer. The link is not given out.</exception>
    /// <exception cref="InvalidRequestException">The connection is another user's.</exception>
    /// <exception cref="IdempotencyException">The key belongs to another request, or its link has expired.</exception>
    public async Task<CreatedLink?> CreateAsync(string callerId, string connectionId, string userKey, LinkRequest request, IdempotentRequest? repeatable, CancellationToken cancellationToken)
    {
        var snapshot = await store.ReadAsync(connectionId, cancellationToken);
        if (snapshot is null or { Connection.Status: ConnectionStatus.Deleted } || snapshot.Connection.CallerId != callerId)
        {
            return null;
        }

        IndexedRequest? indexed = null;
        if (repeatable is not null)
        {
            if (await idempotency.FindAnswerAsync(snapshot, repeatable, cancellationToken) is { } answer)
            {
                return answer;
            }

            indexed = await idempotency.EnsureUnusedAsync(repeatable, cancellationToken);
            await idempotency.EnsureNotUsedForNewAsync(repeatable, cancellationToken);
        }

        if (snapshot.Connection.UserKey != userKey)
        {
            throw new InvalidRequestException("user_id", "Is not the user of this connection.");
        }

        var (link, location) = await widgetLinks.CreateAsync(connectionId, request, widgetLinks.LifeFromNow(), cancellationToken);
        if (repeatable is not null)
        {
            link = await idempotency.MarkAsync(link, connectionId, location, repeatable, cancellationToken);
            await idempotency.ReserveAsync(repeatable, indexed, link, cancellationToken);
        }

        return await AddAsync(connectionId, link, location, repeatable, cancellationToken);
    }

    private async Task<CreatedLink?> AddAsync(string connectionId, Link link, Uri location, IdempotentRequest? repeatable, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < WriteTries; tries++)
        {
            if (await store.ReadAsync(connectionId, cancellationToken) is not { Connection.Status: not ConnectionStatus.Deleted } snapshot)
            {
                return null;
            }

            // A write that failed may have been done nevertheless. And the same request may have come twice at once.
            var isWritten = snapshot.Links.Any(stored => stored.Key == link.Key);
            if (!isWritten && repeatable is not null && await idempotency.FindAnswerAsync(snapshot, repeatable, cancellationToken) is { } answer)
            {
                return answer;
            }

            if (isWritten || await store.TryWriteAsync(new ConnectionChange(snapshot.Connection) { Links = [link], Delete = LinkBound.Superfluous(snapshot, link.CreatedAt) }, cancellationToken) is not null)
            {
                await audit.ChangedAsync(snapshot.Connection.CallerId, connectionId, AuditEvent.Link, null, "renewal");
                return CreatedLink.Of(connectionId, link, location.OriginalString);
            }
        }

        throw new StorageException(new TimeoutException($"Connection {connectionId} changed {WriteTries} times while a link was being added."));
    }
}
