using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FinxFunctions.Authorization;
using FinxFunctions.Diagnostics;
using FinxFunctions.KeyVault;
using FinxFunctions.Links;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;
using Microsoft.AspNetCore.WebUtilities;

namespace FinxFunctions.Callback;

/// <summary>
/// Takes the user's return from the widget. The first delivery leases the link and has the code exchanged; every other delivery, at once or
/// later, waits for that and is answered the same.
/// </summary>
public sealed partial class CallbackService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);

    private readonly ConnectionStore _store;
    private readonly RotationProtocol _rotation;
    private readonly DataKeys _dataKeys;
    private readonly TokenCache _cache;
    private readonly BackgroundWork _background;
    private readonly FinxMetrics _metrics;
    private readonly TokenOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<CallbackService> _logger;

    public CallbackService(ConnectionStore store, RotationProtocol rotation, DataKeys dataKeys, TokenCache cache, BackgroundWork background, FinxMetrics metrics, IOptions<TokenOptions> options, TimeProvider time, ILogger<CallbackService> logger) =>
        (_store, _rotation, _dataKeys, _cache, _background, _metrics, _options, _time, _logger) = (store, rotation, dataKeys, cache, background, metrics, options.Value, time, logger);

    /// <summary>Does what a return calls for, or finds that it was done.</summary>
    public async Task<CallbackOutcome> HandleAsync(CallbackQuery query, CancellationToken cancellationToken)
    {
        var outcome = await FollowAsync(query, cancellationToken);
        _metrics.Callback(outcome switch
        {
            CallbackOutcome.Finished { Outcome: var said } => said[ReturnParameters.Status],
            CallbackOutcome.Unfinished => "unfinished",
            _ => "unknown",
        });
        return outcome;
    }

    private async Task<CallbackOutcome> FollowAsync(CallbackQuery query, CancellationToken cancellationToken)
    {
        if (FlowState.TryParse(query.State) is not { } state)
        {
            return new CallbackOutcome.Unknown();
        }

        var unfinished = new CallbackOutcome.Unfinished();
        try
        {
            var until = _time.GetUtcNow() + _options.WaitLimit;
            bool hasMoved;
            do
            {
                var snapshot = await _store.ReadAsync(state.ConnectionId, cancellationToken);
                var link = snapshot?.Links.FirstOrDefault(link => link.Key == state.Key);
                if (snapshot is null || link is null || (query.FlowId is { } flowId && flowId != link.FlowId))
                {
                    return new CallbackOutcome.Unknown();
                }

                unfinished = new(link.Mode is LinkMode.Iframe ? link.Origin : null);
                (var outcome, hasMoved) = await StepAsync(snapshot, link, query, cancellationToken);
                if (outcome is not null)
                {
                    return outcome;
                }

                await WaitUnlessAsync(hasMoved, cancellationToken);
            }
            while (hasMoved || _time.GetUtcNow() < until);
        }
        catch (Exception exception) when (exception is StorageException or VaultException)
        {
            Unfinished(state.ConnectionId, exception);
        }

        return unfinished;
    }

    /// <summary>
    /// Spends the code of a flow that was bound to the browser it began with: the caller shows what that browser kept (RFC 7636, with the caller
    /// in the client's place). Repeatable.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer; ask again.</exception>
    /// <exception cref="VaultException">Key Vault did not answer; ask again.</exception>
    public async Task<Confirmation> ConfirmAsync(Caller caller, string connectionId, Secret codeVerifier, CancellationToken cancellationToken)
    {
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(codeVerifier.Reveal())));
        var until = _time.GetUtcNow() + _options.WaitLimit;
        bool hasMoved;
        do
        {
            var snapshot = ConnectionId.IsValid(connectionId) ? await _store.ReadAsync(connectionId, cancellationToken) : null;
            if (snapshot is null or { Connection.Status: ConnectionStatus.Deleted } || snapshot.Connection.CallerId != caller.Id)
            {
                return Confirmation.UnknownConnection;
            }

            var link = snapshot.Links.FirstOrDefault(link => link.CodeChallenge == challenge);
            switch (link?.Status)
            {
                case LinkStatus.Connected:
                    return Confirmation.Connected;
                case LinkStatus.Failed:
                    return Confirmation.Failed;
                case null or LinkStatus.Pending or LinkStatus.Cancelled:
                    return Confirmation.NothingToConfirm;
                case LinkStatus.Held:
                    var code = new Secret(await _dataKeys.DecryptTextAsync(link.Code!, connectionId, cancellationToken));
                    hasMoved = await ExchangeAsync(snapshot, link, code, cancellationToken);
                    break;
                default:
                    hasMoved = await RecoverAsync(snapshot, cancellationToken);
                    break;
            }

            await WaitUnlessAsync(hasMoved, cancellationToken);
        }
        while (hasMoved || _time.GetUtcNow() < until);

        return Confirmation.Busy;
    }

    /// <summary>One step further if there is one to take; no outcome where another look is needed.</summary>
    private async Task<(CallbackOutcome? Outcome, bool HasMoved)> StepAsync(ConnectionSnapshot snapshot, Link link, CallbackQuery query, CancellationToken cancellationToken) => link.Status switch
    {
        LinkStatus.Pending when link.ExpiresAt <= _time.GetUtcNow() => (new CallbackOutcome.Unknown(), false),
        LinkStatus.Pending => (null, await BeginAsync(snapshot, link, query, cancellationToken)),
        LinkStatus.Returned => (null, await RecoverAsync(snapshot, cancellationToken)),
        _ => (Finished(snapshot.Connection.Id, link), false),
    };

    /// <summary>Who could do nothing looks again after a while: it is another's turn. Who did something sees at once what came of it.</summary>
    private Task WaitUnlessAsync(bool hasMoved, CancellationToken cancellationToken) => hasMoved ? Task.CompletedTask : Task.Delay(Poll, _time, cancellationToken);

    private async Task<bool> BeginAsync(ConnectionSnapshot snapshot, Link link, CallbackQuery query, CancellationToken cancellationToken)
    {
        var hasCode = !query.IsCancelled && query is { IsSuccess: not false, Code: not null };
        if (hasCode && link.CodeChallenge is null)
        {
            return await ExchangeAsync(snapshot, link, query.Code!, cancellationToken);
        }

        var concluded = hasCode
            ? link with { Status = LinkStatus.Held, Code = (await _dataKeys.CurrentAsync(cancellationToken)).Encrypt(query.Code!.Reveal(), snapshot.Connection.Id) }
            : query.IsCancelled ? link with { Status = LinkStatus.Cancelled } : link with { Status = LinkStatus.Failed, Error = "widget_failed" };
        if (await _store.TryWriteAsync(new ConnectionChange(snapshot.Connection) { Links = [concluded] }, cancellationToken) is not null)
        {
            Ended(snapshot.Connection.Id, concluded.Status);
            return true;
        }

        return false;
    }

    /// <summary>A renewal may meet a rotation that is under way, or left: a connection has one lease at a time, and the next look comes.</summary>
    private Task<bool> ExchangeAsync(ConnectionSnapshot snapshot, Link link, Secret code, CancellationToken cancellationToken) => snapshot.Lease is null
        ? HasMovedAsync(snapshot, () => _rotation.ExchangeAsync(snapshot, link, code), cancellationToken)
        : RecoverAsync(snapshot, cancellationToken);

    private async Task<bool> RecoverAsync(ConnectionSnapshot snapshot, CancellationToken cancellationToken) =>
        snapshot.Lease is { } lease && lease.ExpiresAt <= _time.GetUtcNow() && await HasMovedAsync(snapshot, () => _rotation.RecoverAsync(snapshot), cancellationToken);

    /// <summary>Whether this attempt brought the rows further, or to their end.</summary>
    private async Task<bool> HasMovedAsync(ConnectionSnapshot snapshot, Func<Task<RotationOutcome>> attempt, CancellationToken cancellationToken) =>
        await RunAsync(snapshot, attempt).WaitAsync(cancellationToken) is RotationOutcome.Rotated or RotationOutcome.NeedsReconsent;

    /// <summary>What a renewal brings is served at once here, where a token of the former generation may be in memory.</summary>
    private Task<RotationOutcome> RunAsync(ConnectionSnapshot snapshot, Func<Task<RotationOutcome>> work) => _background.RunAsync(async () =>
    {
        var outcome = await work();
        if (outcome is RotationOutcome.Rotated { Pair: { Generation: > 1 } pair })
        {
            _cache.Put(snapshot.Connection.CallerId, pair);
        }

        return outcome;
    });

    private static CallbackOutcome.Finished Finished(string connectionId, Link link)
    {
        var outcome = new Dictionary<string, string?>
        {
            [ReturnParameters.ConnectionId] = connectionId,
            [ReturnParameters.State] = link.CallerState,
            [ReturnParameters.Status] = link.Status switch
            {
                LinkStatus.Connected => "connected",
                LinkStatus.Cancelled => "cancelled",
                LinkStatus.Held => "confirm",
                _ => "failed",
            },
            [ReturnParameters.Error] = link.Error,
        }.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!);
        var location = QueryHelpers.AddQueryString(link.ReturnUri.AbsoluteUri, outcome!);
        return new CallbackOutcome.Finished(new Uri(location), outcome, link.Mode, link.Origin);
    }

    [LoggerMessage(60, LogLevel.Information, "The flow of connection {ConnectionId} ended: {Status}.")]
    private partial void Ended(string connectionId, LinkStatus status);

    [LoggerMessage(61, LogLevel.Warning, "A return to connection {ConnectionId} is not finished yet; the browser asks again.")]
    private partial void Unfinished(string connectionId, Exception exception);
}
