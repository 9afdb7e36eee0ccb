using Finx.Api;
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
    private readonly VaultClients _vaults;
    private readonly FinxMetrics _metrics;
    private readonly LinkOptions _options;
    private readonly TimeProvider _time;

    internal LinkService(FinxClient finx, ConnectionStore store, Agenda agenda, VaultClients vaults, FinxMetrics metrics, IOptions<LinkOptions> options, TimeProvider time) =>
        (_finx, _store, _agenda, _vaults, _metrics, _options, _time) = (finx, store, agenda, vaults, metrics, options.Value, time);

    /// <summary>Makes a link to a new connection, or one that renews a connection. Null where there is no such connection.</summary>
    /// <exception cref="FinxException">finX did not make the link; nothing was stored.</exception>
    /// <exception cref="StorageException">The link cannot be used, and is not given out.</exception>
    /// <exception cref="InvalidRequestException">The connection is another user's.</exception>
    public async Task<CreatedLink?> CreateAsync(LinkRequest request, CancellationToken cancellationToken)
    {
        var outcome = "failed";
        try
        {
            var link = await MakeAsync(request, cancellationToken);
            outcome = link is null ? "unknown_connection" : "created";
            return link;
        }
        finally
        {
            _metrics.Link(outcome);
        }
    }

    private async Task<CreatedLink?> MakeAsync(LinkRequest request, CancellationToken cancellationToken)
    {
        if (request.ConnectionId is { } renewed)
        {
            var snapshot = await _store.ReadAsync(renewed, cancellationToken);
            if (snapshot is null or { Connection.Status: ConnectionStatus.Deleted })
            {
                return null;
            }

            if (snapshot.Connection.UserId != request.UserId)
            {
                throw new InvalidRequestException("user_id", "Is not the user of this connection.");
            }
        }

        var connectionId = request.ConnectionId ?? ConnectionId.New();
        var (state, text) = FlowState.New(connectionId);
        var widget = await _finx.CreateLinkAsync(request.Widget with { RedirectUri = _options.CallbackAddress!.AbsoluteUri, State = text }, cancellationToken);
        var now = _time.GetUtcNow();
        var link = new Link(state.Key, widget.FlowId, request.ReturnUri, request.CallerState, now, now + _options.Lifetime);
        var isStored = request.ConnectionId is null ? await AddConnectionAsync(connectionId, request.UserId, link, cancellationToken) : await AddLinkAsync(connectionId, link, cancellationToken);
        return isStored ? new CreatedLink(connectionId, widget.FlowId, widget.Location.OriginalString, link.ExpiresAt) : null;
    }

    private async Task<bool> AddConnectionAsync(string id, string userId, Link link, CancellationToken cancellationToken)
    {
        var visitAt = ConnectionVisit.AfterLink(link.ExpiresAt);
        var connection = new Connection { Id = id, UserId = userId, CreatedAt = link.CreatedAt, Vault = _vaults.VaultFor(id), VisitAt = visitAt };
        await _agenda.AddAsync(new AgendaEntry(id, visitAt, null), cancellationToken);
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
