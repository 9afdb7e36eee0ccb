using FinxFunctions.Diagnostics;
using FinxFunctions.KeyVault;
using FinxFunctions.Links;
using FinxFunctions.State;

namespace FinxFunctions.Callback;

/// <summary>
/// Takes the user's return from the widget. The first delivery has the code exchanged. Every other delivery, at the same time or later, waits
/// for that and gets the same answer.
/// </summary>
public sealed partial class CallbackService(ConnectionStore store, ReturnStep step, FlowWait wait, FinxMetrics metrics, ILogger<CallbackService> logger)
{
    /// <summary>Does the steps of the flow that are left. If a store fails, the outcome is unfinished.</summary>
    public async Task<CallbackOutcome> HandleAsync(CallbackQuery query, CancellationToken cancellationToken)
    {
        var outcome = FlowState.TryParse(query.State) is { } state ? await FollowAsync(state, query, cancellationToken) : new CallbackOutcome.Unknown();
        metrics.Callback(outcome switch
        {
            CallbackOutcome.Finished { Outcome: var parameters } => parameters[ReturnParameters.Status],
            CallbackOutcome.Unfinished => "unfinished",
            _ => "unknown",
        });
        return outcome;
    }

    private async Task<CallbackOutcome> FollowAsync(FlowState state, CallbackQuery query, CancellationToken cancellationToken)
    {
        var unfinished = new CallbackOutcome.Unfinished();
        try
        {
            return await wait.ForAsync(NextAsync, () => unfinished, cancellationToken);
        }
        catch (Exception exception) when (exception is StorageException or VaultException)
        {
            Unfinished(state.ConnectionId, exception);
            return unfinished;
        }

        async Task<(CallbackOutcome Outcome, FlowProgress Progress)> NextAsync()
        {
            var snapshot = await store.ReadAsync(state.ConnectionId, cancellationToken);
            var link = snapshot?.Links.FirstOrDefault(link => link.Key == state.Key);
            if (snapshot is null || link is null || (query.FlowId is { } flowId && flowId != link.FlowId))
            {
                return (new CallbackOutcome.Unknown(), FlowProgress.Done);
            }

            unfinished = CallbackOutcome.Unfinished.Of(link);
            return await step.RunAsync(snapshot, link, query, cancellationToken);
        }
    }

    [LoggerMessage(61, LogLevel.Warning, "A return to connection {ConnectionId} is not finished yet; the browser asks again.")]
    private partial void Unfinished(string connectionId, Exception exception);
}
