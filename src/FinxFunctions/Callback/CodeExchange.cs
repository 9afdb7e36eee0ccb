using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Callback;

/// <summary>Has the code of a flow exchanged for tokens. The exchange goes on if its caller goes away.</summary>
public sealed class CodeExchange(CodeRedemption codes, RotationProtocol rotation, BackgroundWork background, TokenCache cache, TimeProvider time)
{
    /// <summary>Whether the tokens of a flow are there: finX's answer is persisted, and nothing can take it away any more.</summary>
    public static bool HasAnswer(ConnectionSnapshot snapshot, Link link) =>
        link.Status is LinkStatus.Returned && IsOwn(snapshot, link) && snapshot.Lease is { Answer: not null };

    /// <summary>Exchanges the code of a flow, if no lease stands in its way. Otherwise recovers the lease if it has expired.</summary>
    /// <exception cref="OperationCanceledException">The caller went away. The exchange goes on.</exception>
    public Task<FlowProgress> ExchangeAsync(ConnectionSnapshot snapshot, Link link, Secret code, CancellationToken cancellationToken)
    {
        var isBegun = link.Status is LinkStatus.Returned && IsBegun(snapshot, link, code);
        return codes.MayBegin(snapshot, isNew: !isBegun)
            ? RunAsync(snapshot, () => codes.RedeemAsync(snapshot, link, code), cancellationToken)
            : RecoverAsync(snapshot, cancellationToken);
    }

    /// <summary>Resumes from the recorded step of a lease that has expired.</summary>
    /// <exception cref="OperationCanceledException">The caller went away. The recovery goes on.</exception>
    public async Task<FlowProgress> RecoverAsync(ConnectionSnapshot snapshot, CancellationToken cancellationToken) => CanRecover(snapshot)
        ? await RunAsync(snapshot, () => rotation.RecoverAsync(snapshot), cancellationToken)
        : FlowProgress.Unchanged;

    /// <summary>Finishes an exchange whose answer is persisted, if its process is gone. The user need not wait for that.</summary>
    public void FinishInBackground(ConnectionSnapshot snapshot)
    {
        if (CanRecover(snapshot))
        {
            background.Start(() => RotateAsync(snapshot, () => rotation.RecoverAsync(snapshot)));
        }
    }

    /// <summary>Whether a code was presented for a link before, or is being presented.</summary>
    public static bool IsBegun(ConnectionSnapshot snapshot, Link link, Secret code) =>
        PresentedCodes.Has(link, code) || (IsOwn(snapshot, link) && snapshot.Lease!.TokenHash == code.Hash());

    /// <summary>A link whose code waits for the confirmation, encrypted.</summary>
    public static Link Held(Link link, Secret code, DataKey key, string connectionId) =>
        PresentedCodes.Add(link, code) with { Status = LinkStatus.Held, Error = null, Code = key.Encrypt(code.Reveal(), connectionId) };

    private static bool IsOwn(ConnectionSnapshot snapshot, Link link) => snapshot.Lease is { Kind: LeaseKind.Exchange, LinkKey: var key } && key == link.Key;

    /// <summary>A deletion is not resumed from here: it has steps of its own.</summary>
    private bool CanRecover(ConnectionSnapshot snapshot) =>
        snapshot is { Connection.Status: not ConnectionStatus.Deleted, Lease: { Kind: not LeaseKind.Deletion } lease } && lease.ExpiresAt <= time.GetUtcNow();

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
