using System.Text.Json;
using FinxFunctions.Finx;
using FinxFunctions.Http;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Links;

/// <summary>Answers a request that is repeated with its Idempotency-Key as the first one was answered, until that link expires.</summary>
public sealed class LinkIdempotency(ConnectionStore store, UserIds userIds, DataKeys dataKeys, TimeProvider time)
{
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

    /// <summary>Checks that the key did not create a connection.</summary>
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
