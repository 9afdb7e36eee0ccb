using FinxFunctions.Auditing;
using FinxFunctions.Finx;
using FinxFunctions.Http;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Links;

/// <summary>Makes links to new connections.</summary>
public sealed class NewConnectionLinks(NewConnections connections, ConnectionStore store, LinkIdempotency idempotency, WidgetLinks widgetLinks, AuditTrail audit)
{
    /// <param name="userKey">Keyed hash of the user's id.</param>
    /// <param name="repeatable">The hashes of a request with an Idempotency-Key; null without one.</param>
    /// <exception cref="FinxException">finX did not make the link. Nothing was stored.</exception>
    /// <exception cref="StorageException">Table Storage did not answer. The link is not given out.</exception>
    /// <exception cref="VaultException">Key Vault did not give the data key.</exception>
    /// <exception cref="IdempotencyException">The key belongs to another request, or its link has expired.</exception>
    public async Task<CreatedLink> CreateAsync(string callerId, string userKey, LinkRequest request, IdempotentRequest? repeatable, CancellationToken cancellationToken)
    {
        if (repeatable is not null && await store.ReadAsync(repeatable.NewConnectionId, cancellationToken) is { } snapshot)
        {
            return await AnswerAsync(snapshot, repeatable, cancellationToken);
        }

        var indexed = repeatable is null ? null : await idempotency.EnsureUnusedAsync(repeatable, cancellationToken);
        var life = widgetLinks.LifeFromNow();
        var connection = await connections.CreateAsync(repeatable?.NewConnectionId ?? ConnectionId.New(), callerId, userKey, request.UserId, life, cancellationToken);
        var (link, location) = await AskAsync(connection, request, repeatable, indexed, life, cancellationToken);
        if (await store.TryCreateAsync(connection, link, cancellationToken))
        {
            await audit.ChangedAsync(callerId, connection.Id, AuditEvent.Link, null, "new");
            return CreatedLink.Of(connection.Id, link, location.OriginalString);
        }

        // The same request came twice at once, and the other one has created the connection.
        return repeatable is not null && await store.ReadAsync(connection.Id, cancellationToken) is { } other
            ? await AnswerAsync(other, repeatable, cancellationToken)
            : throw new StorageException(new InvalidOperationException($"Connection {connection.Id} could not be stored."));
    }

    /// <summary>
    /// The entries that lead to a connection are written while finX answers, and deleted if finX fails. With an Idempotency-Key another
    /// request may be creating the same connection, so the entries are written after finX's answer and never deleted here.
    /// </summary>
    private async Task<(Link Link, Uri Location)> AskAsync(Connection connection, LinkRequest request, IdempotentRequest? repeatable, IndexedRequest? indexed, LinkLife life, CancellationToken cancellationToken)
    {
        if (repeatable is null)
        {
            return await connections.IndexWhileAsync(connection, () => widgetLinks.CreateAsync(connection.Id, request, life, cancellationToken), cancellationToken);
        }

        var (link, location) = await widgetLinks.CreateAsync(connection.Id, request, life, cancellationToken);
        link = await idempotency.MarkAsync(link, connection.Id, location, repeatable, cancellationToken);
        await idempotency.ReserveAsync(repeatable, indexed, link, cancellationToken);
        await connections.IndexAsync(connection, cancellationToken);
        return (link, location);
    }

    /// <summary>A connection with this id and without this link was created with the same key, and its link was deleted since.</summary>
    private async Task<CreatedLink> AnswerAsync(ConnectionSnapshot snapshot, IdempotentRequest repeatable, CancellationToken cancellationToken) =>
        await idempotency.FindAnswerAsync(snapshot, repeatable, cancellationToken) ?? throw new IdempotencyException();
}
