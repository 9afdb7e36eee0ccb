using Finx.Api;
using Finx.Callers;
using Finx.Connections;
using Finx.Hosting;
using Finx.Tokens;
using Microsoft.Extensions.Options;

namespace Finx.Links;

/// <summary>Makes widget links. The state is stored before the link is given out: no user can come back to nothing.</summary>
public sealed class LinkService
{
    private const int WriteTries = 5;

    private readonly FinxClient _finx;
    private readonly ConnectionStore _store;
    private readonly Agenda _agenda;
    private readonly UserIds _userIds;
    private readonly VaultClients _vaults;
    private readonly FinxMetrics _metrics;
    private readonly LinkOptions _options;
    private readonly TimeProvider _time;

    internal LinkService(FinxClient finx, ConnectionStore store, Agenda agenda, UserIds userIds, VaultClients vaults, FinxMetrics metrics, IOptions<LinkOptions> options, TimeProvider time) =>
        (_finx, _store, _agenda, _userIds, _vaults, _metrics, _options, _time) = (finx, store, agenda, userIds, vaults, metrics, options.Value, time);

    /// <summary>Makes a link to a new connection, or one that renews a connection. Null where there is no such connection.</summary>
    /// <exception cref="FinxException">finX did not make the link; nothing was stored.</exception>
    /// <exception cref="StorageException">The link cannot be used, and is not given out.</exception>
    /// <exception cref="VaultException">Key Vault did not give the keys under which the user is kept.</exception>
    /// <exception cref="InvalidRequestException">The connection is another user's.</exception>
    public async Task<CreatedLink?> CreateAsync(Caller caller, LinkRequest request, CancellationToken cancellationToken)
    {
        var outcome = "failed";
        try
        {
            var link = await MakeAsync(caller.Owner, request, cancellationToken);
            outcome = link is null ? "unknown_connection" : "created";
            return link;
        }
        finally
        {
            _metrics.Link(outcome);
        }
    }

    private async Task<CreatedLink?> MakeAsync(string owner, LinkRequest request, CancellationToken cancellationToken)
    {
        var userKey = await _userIds.KeyOfAsync(owner, request.UserId, cancellationToken);
        if (request.ConnectionId is { } renewed)
        {
            var snapshot = await _store.ReadAsync(renewed, cancellationToken);
            if (snapshot is null or { Connection.Status: ConnectionStatus.Deleted } || snapshot.Connection.Owner != owner)
            {
                return null;
            }

            if (snapshot.Connection.UserKey != userKey)
            {
                throw new InvalidRequestException("user_id", "Is not the user of this connection.");
            }
        }

        var connectionId = request.ConnectionId ?? ConnectionId.New();
        var (state, text) = FlowState.New(connectionId);
        var widget = await _finx.CreateLinkAsync(request.Widget with { RedirectUri = _options.CallbackAddress!.AbsoluteUri, State = text }, cancellationToken);
        var now = _time.GetUtcNow();
        var link = new Link(state.Key, widget.FlowId, request.ReturnUri, request.CallerState, now, now + _options.Lifetime);
        var isStored = request.ConnectionId is not null
            ? await AddLinkAsync(connectionId, link, cancellationToken)
            : await AddConnectionAsync(
                new Connection
                {
                    Id = connectionId,
                    Owner = owner,
                    UserKey = userKey,
                    UserId = await _userIds.SealAsync(connectionId, request.UserId, cancellationToken),
                    CreatedAt = now,
                    Vault = _vaults.VaultFor(connectionId),
                    VisitAt = ConnectionVisit.AfterLink(link.ExpiresAt),
                },
                link,
                cancellationToken);
        return isStored ? new CreatedLink(connectionId, widget.FlowId, widget.Location.OriginalString, link.ExpiresAt) : null;
    }

    private async Task<bool> AddConnectionAsync(Connection connection, Link link, CancellationToken cancellationToken)
    {
        await _agenda.AddAsync(new AgendaEntry(connection.Id, connection.VisitAt!.Value, null), cancellationToken);
        await _store.CreateAsync(connection, link, cancellationToken);
        return true;
    }

    private async Task<bool> AddLinkAsync(string id, Link link, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < WriteTries; tries++)
        {
            if (await _store.ReadAsync(id, cancellationToken) is not { Connection.Status: not ConnectionStatus.Deleted } snapshot)
            {
                return false;
            }

            var over = snapshot.Links.Where(old => old.Key != snapshot.Claim?.LinkKey && ConnectionVisit.AfterLink(old.ExpiresAt) <= link.CreatedAt).Take(50);
            var change = new ConnectionChange(snapshot.Connection) { Links = [link], Forget = [.. over] };
            if (snapshot.Links.Any(stored => stored.Key == link.Key) || await _store.TryWriteAsync(change, cancellationToken) is not null)
            {
                return true;
            }
        }

        throw new StorageException(new TimeoutException($"Connection {id} changed {WriteTries} times while a link was being added."));
    }
}
