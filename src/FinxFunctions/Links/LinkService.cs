using FinxFunctions.Authorization;
using FinxFunctions.Diagnostics;
using FinxFunctions.Finx;
using FinxFunctions.Http;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Links;

/// <summary>Makes links to the widget. A link is stored before it is given out, so that the callback always finds it.</summary>
public sealed class LinkService(NewConnectionLinks newConnections, RenewalLinks renewals, LinkIdempotency idempotency, UserIds userIds, FinxMetrics metrics)
{
    /// <summary>
    /// Makes a link to a new connection, or a link that renews a connection. Null if the caller has no such connection. A request that is
    /// repeated with its Idempotency-Key gets the first answer again, until that link expires.
    /// </summary>
    /// <exception cref="FinxException">finX did not make the link. Nothing was stored.</exception>
    /// <exception cref="StorageException">Table Storage did not answer. The link is not given out.</exception>
    /// <exception cref="VaultException">Key Vault did not give the keys that protect the user's id.</exception>
    /// <exception cref="InvalidRequestException">The connection is another user's.</exception>
    /// <exception cref="IdempotencyException">The key belongs to another request, or its link has expired.</exception>
    public async Task<CreatedLink?> CreateAsync(Caller caller, LinkRequest request, CancellationToken cancellationToken)
    {
        var outcome = "failed";
        try
        {
            var userKey = await userIds.KeyOfAsync(caller.Id, request.UserId, cancellationToken);
            var repeatable = await idempotency.ReadAsync(caller.Id, request, cancellationToken);
            var link = request.ConnectionId is { } connectionId
                ? await renewals.CreateAsync(caller.Id, connectionId, userKey, request, repeatable, cancellationToken)
                : await newConnections.CreateAsync(caller.Id, userKey, request, repeatable, cancellationToken);
            outcome = link is null ? "unknown_connection" : "created";
            return link;
        }
        finally
        {
            metrics.Link(outcome);
        }
    }
}
