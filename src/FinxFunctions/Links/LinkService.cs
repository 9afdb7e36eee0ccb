using System.Text.Json;
using FinxFunctions.Auditing;
using FinxFunctions.Authorization;
using FinxFunctions.Diagnostics;
using FinxFunctions.Finx;
using FinxFunctions.Http;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Links;

/// <summary>Makes widget links. The state is stored before the link is given out: no user can come back to nothing.</summary>
public sealed class LinkService
{
    private const int WriteTries = 5;

    private readonly FinxClient _finx;
    private readonly ConnectionStore _store;
    private readonly RotationSchedule _schedule;
    private readonly UserIds _userIds;
    private readonly DataKeys _dataKeys;
    private readonly VaultClients _vaults;
    private readonly AuditTrail _audit;
    private readonly FinxMetrics _metrics;
    private readonly LinkOptions _options;
    private readonly TimeProvider _time;

    public LinkService(FinxClient finx, ConnectionStore store, RotationSchedule schedule, UserIds userIds, DataKeys dataKeys, VaultClients vaults, AuditTrail audit, FinxMetrics metrics, IOptions<LinkOptions> options, TimeProvider time) =>
        (_finx, _store, _schedule, _userIds, _dataKeys, _vaults, _audit, _metrics, _options, _time) = (finx, store, schedule, userIds, dataKeys, vaults, audit, metrics, options.Value, time);

    /// <summary>
    /// Makes a link to a new connection, or one that renews a connection. Null where there is no such connection. A request that is repeated
    /// with its Idempotency-Key gets the first answer again, for as long as that link lives.
    /// </summary>
    /// <exception cref="FinxException">finX did not make the link; nothing was stored.</exception>
    /// <exception cref="StorageException">The link cannot be used, and is not given out.</exception>
    /// <exception cref="VaultException">Key Vault did not give the keys under which the user is kept.</exception>
    /// <exception cref="InvalidRequestException">The connection is another user's.</exception>
    /// <exception cref="IdempotencyException">The key came with another request before.</exception>
    public async Task<CreatedLink?> CreateAsync(Caller caller, LinkRequest request, CancellationToken cancellationToken)
    {
        var outcome = "failed";
        try
        {
            var link = await MakeAsync(caller.Id, request, cancellationToken);
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
        var idempotencyKey = request.IdempotencyKey is { } key ? await _userIds.KeyOfAsync(owner, $"idempotency\n{key}", cancellationToken) : null;

        // With an Idempotency-Key the connection's id follows from it, so that a repeated request finds what the first one made.
        var connectionId = request.ConnectionId ?? idempotencyKey?[..32] ?? ConnectionId.New();
        var isNew = request.ConnectionId is null;
        if (!isNew || idempotencyKey is not null)
        {
            var snapshot = await _store.ReadAsync(connectionId, cancellationToken);
            if (!isNew && (snapshot is null or { Connection.Status: ConnectionStatus.Deleted } || snapshot.Connection.CallerId != owner))
            {
                return null;
            }

            if (snapshot is not null && await FirstAnswerAsync(snapshot, request, idempotencyKey, cancellationToken) is { } answer)
            {
                return answer;
            }

            if (!isNew && idempotencyKey is not null && (await _store.ReadAsync(idempotencyKey[..32], cancellationToken))?.Links.Any(link => link.IdempotencyKey == idempotencyKey) is true)
            {
                throw new IdempotencyException();
            }

            if (!isNew && snapshot!.Connection.UserKey != userKey)
            {
                throw new InvalidRequestException("user_id", "Is not the user of this connection.");
            }
        }

        var (state, text) = FlowState.New(connectionId);
        var dataKey = await _dataKeys.CurrentAsync(cancellationToken);
        var now = _time.GetUtcNow();
        var connection = isNew ? NewConnection(connectionId, owner, userKey, dataKey.Encrypt(request.UserId, connectionId), now) : null;
        var ask = request.Widget with { RedirectUri = _options.CallbackAddress!.AbsoluteUri, State = text };

        // What leads to a new connection is written while finX is asked. Not where the connection may be another request's too: a failure
        // takes back what was written.
        var widget = connection is not null && idempotencyKey is null
            ? await IndexedWhileAsync(connection, () => _finx.CreateLinkAsync(ask, cancellationToken), cancellationToken)
            : await _finx.CreateLinkAsync(ask, cancellationToken);
        var link = new Link(state.Key, widget.FlowId, request.ReturnUri, request.CallerState, now, now + _options.Lifetime)
        {
            Mode = request.Mode,
            Origin = request.Origin,
            CodeChallenge = request.CodeChallenge,
            TraceContext = FinxTraces.Context,
            IdempotencyKey = idempotencyKey,
            RequestHash = idempotencyKey is null ? null : await HashAsync(owner, request, cancellationToken),
            Location = idempotencyKey is null ? null : dataKey.Encrypt(widget.Location.OriginalString, connectionId),
        };
        if (connection is null)
        {
            return await AddLinkAsync(connectionId, link, widget.Location, request, cancellationToken);
        }

        if (idempotencyKey is not null)
        {
            await IndexAsync(connection, cancellationToken);
        }

        return await _store.TryCreateAsync(connection, link, cancellationToken)
            ? await RecordedAsync(owner, connectionId, link, widget.Location, "new")
            : await FirstAnswerAsync((await _store.ReadAsync(connectionId, cancellationToken))!, request, idempotencyKey, cancellationToken);
    }

    private Connection NewConnection(string id, string owner, string userKey, EncryptedValue userId, DateTimeOffset now) => new()
    {
        Id = id,
        CallerId = owner,
        UserKey = userKey,
        UserId = userId,
        CreatedAt = now,
        Vault = _vaults.VaultFor(id),
        DueAt = Link.AbandonedAt(now + _options.Lifetime),
    };

    /// <summary>Has the schedule and the user's index lead to a connection whose row is still to come. Without it both are passed over.</summary>
    private Task IndexAsync(Connection connection, CancellationToken cancellationToken) => Task.WhenAll(
        _schedule.AddAsync(EntryOf(connection), cancellationToken),
        _store.IndexUserAsync(connection, cancellationToken));

    private async Task<WidgetLink> IndexedWhileAsync(Connection connection, Func<Task<WidgetLink>> ask, CancellationToken cancellationToken)
    {
        var noted = IndexAsync(connection, cancellationToken);
        try
        {
            var widget = await ask();
            await noted;
            return widget;
        }
        catch
        {
            await UnindexAsync(connection, noted);
            throw;
        }
    }

    /// <summary>Nothing is to be left of a link that was not made. What cannot be taken back just now leads nowhere.</summary>
    private async Task UnindexAsync(Connection connection, Task noted)
    {
        try
        {
            await noted.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
            await Task.WhenAll(_schedule.RemoveAsync(EntryOf(connection), CancellationToken.None), _store.UnindexUserAsync(connection, CancellationToken.None));
        }
        catch (StorageException)
        {
        }
    }

    private static DueEntry EntryOf(Connection connection) => new(connection.Id, connection.DueAt!.Value, null);

    /// <summary>The answer that this key was given before; null where there was none.</summary>
    private async Task<CreatedLink?> FirstAnswerAsync(ConnectionSnapshot snapshot, LinkRequest request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        if (idempotencyKey is null)
        {
            return null;
        }

        var first = snapshot.Links.FirstOrDefault(link => link.IdempotencyKey == idempotencyKey);
        if (first is { Location: { } location } && first.RequestHash == await HashAsync(snapshot.Connection.CallerId, request, cancellationToken) && first.ExpiresAt > _time.GetUtcNow())
        {
            return Answer(snapshot.Connection.Id, first, await _dataKeys.DecryptTextAsync(location, snapshot.Connection.Id, cancellationToken));
        }

        return request.ConnectionId is not null && first is null ? null : throw new IdempotencyException();
    }

    private async Task<CreatedLink?> AddLinkAsync(string id, Link link, Uri location, LinkRequest request, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < WriteTries; tries++)
        {
            if (await _store.ReadAsync(id, cancellationToken) is not { Connection.Status: not ConnectionStatus.Deleted } snapshot)
            {
                return null;
            }

            // The same request may have come twice at once.
            var isWritten = snapshot.Links.Any(stored => stored.Key == link.Key);
            if (!isWritten && await FirstAnswerAsync(snapshot, request, link.IdempotencyKey, cancellationToken) is { } answer)
            {
                return answer;
            }

            var over = snapshot.Links.Where(old => old.Key != snapshot.Lease?.LinkKey && Link.AbandonedAt(old.ExpiresAt) <= link.CreatedAt).Take(50);
            var change = new ConnectionChange(snapshot.Connection) { Links = [link], Delete = [.. over] };
            if (isWritten || await _store.TryWriteAsync(change, cancellationToken) is not null)
            {
                return await RecordedAsync(snapshot.Connection.CallerId, id, link, location, "renewal");
            }
        }

        throw new StorageException(new TimeoutException($"Connection {id} changed {WriteTries} times while a link was being added."));
    }

    private async Task<CreatedLink> RecordedAsync(string owner, string connectionId, Link link, Uri location, string outcome)
    {
        await _audit.ChangedAsync(owner, connectionId, AuditEvent.Link, null, outcome);
        return Answer(connectionId, link, location.OriginalString);
    }

    private static CreatedLink Answer(string connectionId, Link link, string location) => new(connectionId, link.FlowId, location, link.ExpiresAt);

    /// <summary>Tells one request from another. Keyed, for a user's id is in it.</summary>
    private Task<string> HashAsync(string owner, LinkRequest request, CancellationToken cancellationToken)
    {
        string?[] parts =
        [
            request.CallerState, request.ConnectionId, request.ReturnUri.AbsoluteUri, request.Mode.ToString(), request.Origin, request.CodeChallenge,
            JsonSerializer.Serialize(request.Widget, FinxJson.Default.WidgetLinkRequest),
        ];
        return _userIds.KeyOfAsync(owner, JsonSerializer.Serialize(parts!, FinxJson.Default.StringArray), cancellationToken);
    }
}
