using System.Text.Json;
using FinxFunctions.Finx;
using FinxFunctions.Http;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Links;

/// <summary>Answers a request that is repeated with its Idempotency-Key as the first one was answered, until that link expires.</summary>
public sealed class LinkIdempotency(ConnectionStore store, RequestIndex index, UserIds userIds, DataKeys dataKeys, TimeProvider time)
{
    private const int WriteTries = 5;

    /// <summary>The hashes of a request; null if it has no Idempotency-Key.</summary>
    /// <exception cref="VaultException">Key Vault did not give the key of the hashes.</exception>
    public async Task<IdempotentRequest?> ReadAsync(string callerId, LinkRequest request, CancellationToken cancellationToken) => request.IdempotencyKey is { } key
        ? new IdempotentRequest(await userIds.KeyOfAsync(callerId, $"idempotency\n{key}", cancellationToken), await HashAsync(callerId, request, cancellationToken))
        : null;

    /// <summary>The first answer to this request; null if the connection has no link with this key.</summary>
    /// <exception cref="IdempotencyException">The key belongs to another request, or its link has expired.</exception>
    public async Task<CreatedLink?> FindAnswerAsync(ConnectionSnapshot snapshot, IdempotentRequest request, CancellationToken cancellationToken)
    {
        if (snapshot.Links.FirstOrDefault(link => link.IdempotencyKey == request.Key) is not { } first)
        {
            return null;
        }

        return first.Location is { } location && first.RequestHash == request.RequestHash && first.ExpiresAt > time.GetUtcNow()
            ? CreatedLink.Of(snapshot.Connection.Id, first, await dataKeys.DecryptTextAsync(location, snapshot.Connection.Id, cancellationToken))
            : throw new IdempotencyException();
    }

    /// <summary>Checks that the key does not stand for another request.</summary>
    /// <returns>What the key stands for: this request, or another one whose time is over. Null for nothing.</returns>
    /// <exception cref="IdempotencyException">The key belongs to another request.</exception>
    public async Task<IndexedRequest?> EnsureUnusedAsync(IdempotentRequest request, CancellationToken cancellationToken)
    {
        var indexed = await index.FindAsync(request.Key, cancellationToken);
        return indexed is null || indexed.RequestHash == request.RequestHash || indexed.ExpiresAt <= time.GetUtcNow() ? indexed : throw new IdempotencyException();
    }

    /// <summary>
    /// Has the key stand for this request, as long as its link can be of use. Of two requests at once, one is refused. This comes before the
    /// link is stored: if the process ends between the two, the same request can be repeated.
    /// </summary>
    /// <param name="indexed">What <see cref="EnsureUnusedAsync"/> found.</param>
    /// <exception cref="IdempotencyException">Another request took the key.</exception>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task ReserveAsync(IdempotentRequest request, IndexedRequest? indexed, Link link, CancellationToken cancellationToken)
    {
        var expiresAt = Link.AbandonedAt(link.ExpiresAt);
        for (var tries = 0; tries < WriteTries; tries++)
        {
            if (await index.TryWriteAsync(new IndexedRequest(request.Key, request.RequestHash, expiresAt) { ETag = indexed?.ETag ?? default }, cancellationToken))
            {
                return;
            }

            // The same request may have come twice at once, and the Azure client repeats a write whose answer was lost.
            indexed = await EnsureUnusedAsync(request, cancellationToken);
            if (indexed?.RequestHash == request.RequestHash && indexed.ExpiresAt > time.GetUtcNow())
            {
                return;
            }
        }

        throw new StorageException(new TimeoutException($"An Idempotency-Key changed {WriteTries} times while a link was being made."));
    }

    /// <summary>Checks that the key did not create a connection: an earlier version wrote no index.</summary>
    /// <exception cref="IdempotencyException">The key created a connection.</exception>
    public async Task EnsureNotUsedForNewAsync(IdempotentRequest request, CancellationToken cancellationToken)
    {
        if ((await store.ReadAsync(request.NewConnectionId, cancellationToken))?.Links.Any(link => link.IdempotencyKey == request.Key) is true)
        {
            throw new IdempotencyException();
        }
    }

    /// <summary>The link with what a repeated request needs: the hashes, and the location encrypted.</summary>
    public async Task<Link> MarkAsync(Link link, string connectionId, Uri location, IdempotentRequest request, CancellationToken cancellationToken) => link with
    {
        IdempotencyKey = request.Key,
        RequestHash = request.RequestHash,
        Location = (await dataKeys.CurrentAsync(cancellationToken)).Encrypt(location.OriginalString, connectionId),
    };

    /// <summary>The hash is keyed because the request holds a user's id.</summary>
    private Task<string> HashAsync(string callerId, LinkRequest request, CancellationToken cancellationToken)
    {
        string?[] parts =
        [
            request.CallerState, request.ConnectionId, request.ReturnUri.AbsoluteUri, request.Mode.ToString(), request.Origin, request.CodeChallenge,
            JsonSerializer.Serialize(request.Widget, FinxJson.Default.WidgetLinkRequest),
        ];
        return userIds.KeyOfAsync(callerId, JsonSerializer.Serialize(parts!, FinxJson.Default.StringArray), cancellationToken);
    }
}
