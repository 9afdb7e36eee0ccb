using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Callback;

/// <summary>The next step of a flow whose user has returned from the widget.</summary>
public sealed partial class ReturnStep(ConnectionStore store, CodeExchange exchange, DataKeys dataKeys, TimeProvider time, ILogger<ReturnStep> logger)
{
    /// <summary>Does the next step of the flow, or finds that there is none.</summary>
    /// <remarks>
    /// A code that was not presented before is worth trying, whatever an earlier return said and however old the link is. A reload with the
    /// same code gets the answer that the first return got.
    /// </remarks>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="VaultException">Key Vault did not give the data key.</exception>
    public async Task<(CallbackOutcome Outcome, FlowProgress Progress)> RunAsync(ConnectionSnapshot snapshot, Link link, CallbackQuery query, CancellationToken cancellationToken)
    {
        var code = query is { IsCancelled: false, IsSuccess: not false } ? query.Code : null;
        return link.Status switch
        {
            _ when snapshot.Connection.Status is ConnectionStatus.Deleted => (new CallbackOutcome.Unknown(), FlowProgress.Done),
            LinkStatus.Connected => Finished(snapshot, link),
            _ when CodeExchange.HasAnswer(snapshot, link) => Answered(snapshot, link),
            _ when code is not null && !CodeExchange.IsBegun(snapshot, link, code) => (CallbackOutcome.Unfinished.Of(link), await BeginAsync(snapshot, link, code, cancellationToken)),
            LinkStatus.Returned => (CallbackOutcome.Unfinished.Of(link), await GoOnAsync(snapshot, link, code, cancellationToken)),
            LinkStatus.Pending when link.ExpiresAt <= time.GetUtcNow() => (new CallbackOutcome.Unknown(), FlowProgress.Done),
            LinkStatus.Pending => (CallbackOutcome.Unfinished.Of(link), await EndAsync(snapshot, query.IsCancelled
                ? link with { Status = LinkStatus.Cancelled }
                : link with { Status = LinkStatus.Failed, Error = "widget_failed" }, cancellationToken)),
            _ => Finished(snapshot, link),
        };
    }

    private static (CallbackOutcome Outcome, FlowProgress Progress) Finished(ConnectionSnapshot snapshot, Link link) =>
        (CallbackOutcome.Finished.Of(snapshot.Connection.Id, link), FlowProgress.Done);

    private (CallbackOutcome Outcome, FlowProgress Progress) Answered(ConnectionSnapshot snapshot, Link link)
    {
        exchange.FinishInBackground(snapshot);
        return Finished(snapshot, link with { Status = LinkStatus.Connected });
    }

    private async Task<FlowProgress> BeginAsync(ConnectionSnapshot snapshot, Link link, Secret code, CancellationToken cancellationToken) => link.CodeChallenge is null
        ? await exchange.ExchangeAsync(snapshot, link, code, cancellationToken)
        : await EndAsync(snapshot, CodeExchange.Held(link, code, await dataKeys.CurrentAsync(cancellationToken), snapshot.Connection.Id), cancellationToken);

    // A flow without a lease gave way to another one, and goes on after it.
    private Task<FlowProgress> GoOnAsync(ConnectionSnapshot snapshot, Link link, Secret? code, CancellationToken cancellationToken) =>
        code is not null && link.CodeChallenge is null ? exchange.ExchangeAsync(snapshot, link, code, cancellationToken) : exchange.RecoverAsync(snapshot, cancellationToken);

    private async Task<FlowProgress> EndAsync(ConnectionSnapshot snapshot, Link returned, CancellationToken cancellationToken)
    {
        if (await store.TryWriteAsync(new ConnectionChange(snapshot.Connection) { Links = [returned] }, cancellationToken) is null)
        {
            return FlowProgress.Unchanged;
        }

        Ended(snapshot.Connection.Id, returned.Status);
        return FlowProgress.Changed;
    }

    [LoggerMessage(60, LogLevel.Information, "The flow of connection {ConnectionId} ended: {Status}.")]
    private partial void Ended(string connectionId, LinkStatus status);
}
