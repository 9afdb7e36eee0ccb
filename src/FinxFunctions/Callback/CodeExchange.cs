using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Callback;

/// <summary>Has the code of a flow exchanged for tokens. The exchange goes on if its caller goes away.</summary>
public sealed class CodeExchange(RotationProtocol rotation, BackgroundWork background, TokenCache cache, TimeProvider time)
{
    /// <summary>Exchanges the code if the connection has no lease; otherwise recovers the lease if it has expired.</summary>
    /// <exception cref="OperationCanceledException">The caller went away. The exchange goes on.</exception>
    public Task<FlowProgress> ExchangeAsync(ConnectionSnapshot snapshot, Link link, Secret code, CancellationToken cancellationToken) => snapshot.Lease is null
        ? RunAsync(snapshot, () => rotation.ExchangeAsync(snapshot, link, code), cancellationToken)
        : RecoverAsync(snapshot, cancellationToken);

    /// <summary>Resumes from the recorded step of a lease that has expired.</summary>
    /// <exception cref="OperationCanceledException">The caller went away. The recovery goes on.</exception>
    public async Task<FlowProgress> RecoverAsync(ConnectionSnapshot snapshot, CancellationToken cancellationToken) =>
        snapshot.Lease is { } lease && lease.ExpiresAt <= time.GetUtcNow()
            ? await RunAsync(snapshot, () => rotation.RecoverAsync(snapshot), cancellationToken)
            : FlowProgress.Unchanged;

    private async Task<FlowProgress> RunAsync(ConnectionSnapshot snapshot, Func<Task<RotationOutcome>> attempt, CancellationToken cancellationToken) =>
        await background.RunAsync(() => RotateAsync(snapshot, attempt)).WaitAsync(cancellationToken) is RotationOutcome.Rotated or RotationOutcome.NeedsReconsent
            ? FlowProgress.Changed
            : FlowProgress.Unchanged;

    /// <summary>After a renewal the cache of this process may hold a token of the generation before, so the new one is put there at once.</summary>
    private async Task<RotationOutcome> RotateAsync(ConnectionSnapshot snapshot, Func<Task<RotationOutcome>> attempt)
    {
        var outcome = await attempt();
        if (outcome is RotationOutcome.Rotated { Pair: { Generation: > 1 } pair })
        {
            cache.Put(snapshot.Connection.CallerId, pair);
        }

        return outcome;
    }
}
