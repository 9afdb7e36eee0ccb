using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Callback;

/// <summary>The next step of a flow whose user has returned from the widget.</summary>
public sealed partial class ReturnStep(ConnectionStore store, CodeExchange exchange, DataKeys dataKeys, TimeProvider time, ILogger<ReturnStep> logger)
{
    /// <summary>Does the next step of the flow, or finds that there is none.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    /// <exception cref="VaultException">Key Vault did not give the data key.</exception>
    public async Task<(CallbackOutcome Outcome, FlowProgress Progress)> RunAsync(ConnectionSnapshot snapshot, Link link, CallbackQuery query, CancellationToken cancellationToken) => link.Status switch
    {
        LinkStatus.Pending when link.ExpiresAt <= time.GetUtcNow() => (new CallbackOutcome.Unknown(), FlowProgress.Done),
        LinkStatus.Pending => (CallbackOutcome.Unfinished.Of(link), await BeginAsync(snapshot, link, query, cancellationToken)),
        LinkStatus.Returned => (CallbackOutcome.Unfinished.Of(link), await exchange.RecoverAsync(snapshot, cancellationToken)),
        _ => (CallbackOutcome.Finished.Of(snapshot.Connection.Id, link), FlowProgress.Done),
    };

    private async Task<FlowProgress> BeginAsync(ConnectionSnapshot snapshot, Link link, CallbackQuery query, CancellationToken cancellationToken)
    {
        var code = query is { IsCancelled: false, IsSuccess: not false } ? query.Code : null;
        if (code is not null && link.CodeChallenge is null)
        {
            return await exchange.ExchangeAsync(snapshot, link, code, cancellationToken);
        }

        var returned = code is not null
            ? link with { Status = LinkStatus.Held, Code = (await dataKeys.CurrentAsync(cancellationToken)).Encrypt(code.Reveal(), snapshot.Connection.Id) }
            : query.IsCancelled ? link with { Status = LinkStatus.Cancelled } : link with { Status = LinkStatus.Failed, Error = "widget_failed" };
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
