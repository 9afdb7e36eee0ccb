using Finx.Connections;
using Finx.Hosting;
using Finx.Links;
using Finx.Tokens;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Finx.Callback;

/// <summary>
/// Takes the user's return from the widget. The first delivery claims the link and has the code exchanged; every other delivery, at once or
/// later, waits for that and is answered the same.
/// </summary>
public sealed partial class CallbackService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);

    private readonly ConnectionStore _store;
    private readonly RotationProtocol _rotation;
    private readonly InFlight _inFlight;
    private readonly FinxMetrics _metrics;
    private readonly TokenOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<CallbackService> _logger;

    internal CallbackService(ConnectionStore store, RotationProtocol rotation, InFlight inFlight, FinxMetrics metrics, IOptions<TokenOptions> options, TimeProvider time, ILogger<CallbackService> logger) =>
        (_store, _rotation, _inFlight, _metrics, _options, _time, _logger) = (store, rotation, inFlight, metrics, options.Value, time, logger);

    /// <summary>Does what a return calls for, or finds that it was done.</summary>
    public async Task<CallbackOutcome> HandleAsync(CallbackQuery query, CancellationToken cancellationToken)
    {
        var outcome = await FollowAsync(query, cancellationToken);
        _metrics.Callback(outcome switch
        {
            CallbackOutcome.Redirect { Status: var status } => status,
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

        try
        {
            var until = _time.GetUtcNow() + _options.WaitLimit;
            do
            {
                if (await StepAsync(state, query, cancellationToken) is { } outcome)
                {
                    return outcome;
                }

                await Task.Delay(Poll, _time, cancellationToken);
            }
            while (_time.GetUtcNow() < until);
        }
        catch (Exception exception) when (exception is StorageException or VaultException)
        {
            Unfinished(state.ConnectionId, exception);
        }

        return new CallbackOutcome.Unfinished();
    }

    /// <summary>One look, and one step further; null where another look is needed.</summary>
    private async Task<CallbackOutcome?> StepAsync(FlowState state, CallbackQuery query, CancellationToken cancellationToken)
    {
        var snapshot = await _store.ReadAsync(state.ConnectionId, cancellationToken);
        var link = snapshot?.Links.FirstOrDefault(link => link.Key == state.Key);
        if (snapshot is null || link is null || (query.FlowId is { } flowId && flowId != link.FlowId))
        {
            return new CallbackOutcome.Unknown();
        }

        switch (link.Status)
        {
            case LinkStatus.Pending when link.ExpiresAt <= _time.GetUtcNow():
                return new CallbackOutcome.Unknown();
            case LinkStatus.Pending:
                await BeginAsync(snapshot, link, query, cancellationToken);
                return null;
            case LinkStatus.Returned:
                if (snapshot.Claim is { } claim && claim.LeaseUntil <= _time.GetUtcNow())
                {
                    await _inFlight.Run(() => _rotation.RecoverAsync(snapshot)).WaitAsync(cancellationToken);
                }

                return null;
            default:
                return Onward(state.ConnectionId, link);
        }
    }

    private async Task BeginAsync(ConnectionSnapshot snapshot, Link link, CallbackQuery query, CancellationToken cancellationToken)
    {
        if (!query.IsCancelled && query is { IsSuccess: not false, Code: { } code })
        {
            await FinishFormerAsync(snapshot, cancellationToken);
            await _inFlight.Run(() => _rotation.ExchangeAsync(snapshot with { Claim = null }, link, code)).WaitAsync(cancellationToken);
            return;
        }

        var concluded = query.IsCancelled ? link with { Status = LinkStatus.Cancelled } : link with { Status = LinkStatus.Failed, Error = "widget_failed" };
        if (await _store.TryWriteAsync(new ConnectionChange(snapshot.Connection) { Links = [concluded] }, cancellationToken) is not null)
        {
            Ended(snapshot.Connection.Id, concluded.Status);
        }
    }

    /// <summary>A renewal may meet a rotation that its owner left; the claim on the connection is one.</summary>
    private async Task FinishFormerAsync(ConnectionSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.Claim is { } claim && claim.LeaseUntil <= _time.GetUtcNow())
        {
            await _inFlight.Run(() => _rotation.RecoverAsync(snapshot)).WaitAsync(cancellationToken);
        }
    }

    private static CallbackOutcome.Redirect Onward(string connectionId, Link link)
    {
        var status = link.Status switch
        {
            LinkStatus.Connected => "connected",
            LinkStatus.Cancelled => "cancelled",
            _ => "failed",
        };
        Dictionary<string, string?> outcome = new()
        {
            ["connection_id"] = connectionId,
            ["state"] = link.CallerState,
            ["status"] = status,
            ["error"] = link.Error,
        };
        var location = QueryHelpers.AddQueryString(link.ReturnUri.AbsoluteUri, outcome.Where(pair => pair.Value is not null));
        return new CallbackOutcome.Redirect(new Uri(location), status);
    }

    [LoggerMessage(60, LogLevel.Information, "The flow of connection {ConnectionId} ended: {Status}.")]
    private partial void Ended(string connectionId, LinkStatus status);

    [LoggerMessage(61, LogLevel.Warning, "A return to connection {ConnectionId} is not finished yet; the browser asks again.")]
    private partial void Unfinished(string connectionId, Exception exception);
}
