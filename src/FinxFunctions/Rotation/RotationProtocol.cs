using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// Replaces a connection's token pair in five steps, so that a crash at any moment loses no token: <b>lease</b> the connection,
/// <b>redeem</b> the token at finX, <b>persist</b> finX's answer encrypted in the lease's row, put the pair in the <b>vault</b>,
/// <b>commit</b> the next generation. If a lease has expired, the next process resumes from the recorded step (<see cref="RecoverAsync"/>).
/// The exchange of an authorization code takes the same steps, with the code as the token (<c>Callback/CodeRedemption</c>).
/// </summary>
/// <remarks>
/// Only the holder of a live lease presents a token. A token is presented a second time only as <see cref="TokenOptions.Replays"/> allows.
/// An answer that arrived is never dropped. The generation grows by one. No caller cancels a rotation: see <see cref="BackgroundWork"/>.
/// docs/protocol.md describes the protocol and its invariants.
/// </remarks>
public sealed class RotationProtocol(Leases leases, DataKeys dataKeys, RotationSteps steps, RedeemablePair redeemable, RotationLog log)
{
    /// <summary>Redeems the refresh token of a connection that has no lease.</summary>
    /// <param name="actor">On whose behalf: a caller's id, or <see cref="Actor.System"/>.</param>
    /// <param name="isForced">Whether finX refused the current access token.</param>
    /// <param name="known">The connection's pair, if it is in memory: it is redeemed where Key Vault does not answer.</param>
    /// <param name="prepared">The due entry that <see cref="Leases.PrepareAsync(string)"/> began to write; null where none was begun.</param>
    /// <exception cref="StorageException">Table Storage did not answer. The token was not presented.</exception>
    /// <exception cref="VaultException">Key Vault did not answer. The token was not presented.</exception>
    public Task<RotationOutcome> RefreshAsync(ConnectionSnapshot snapshot, string actor, Task<DueEntry>? prepared = null, bool isForced = false, TokenPair? known = null) => log.AttemptAsync("rotation.refresh", LeaseKind.Refresh, snapshot.Connection, snapshot.Connection.TraceContext, async () =>
    {
        if (steps.Obstacle is { } obstacle)
        {
            return await redeemable.EndIfOverAsync(snapshot, actor) ?? obstacle;
        }

        var keyed = dataKeys.CurrentAsync(CancellationToken.None);
        var (pair, instead) = await redeemable.FindAsync(snapshot, actor, isForced, known);
        var key = await keyed;
        if (pair?.RefreshToken is not { } token)
        {
            return instead!;
        }

        var expiry = await leases.PrepareAsync(snapshot.Connection.Id, prepared);
        var lease = leases.New(snapshot.Connection, LeaseKind.Refresh, token, expiry) with { Actor = actor };
        var connection = isForced ? snapshot.Connection with { ForcedAt = lease.StartedAt } : snapshot.Connection;
        return await BeginAsync(snapshot with { Connection = connection }, lease, new TokenGrant.RefreshToken(token), key);
    });

    /// <summary>Resumes the work of a lease that has expired.</summary>
    /// <exception cref="StorageException">Table Storage did not answer. Another process can resume.</exception>
    /// <exception cref="VaultException">Key Vault did not answer. Another process can resume.</exception>
    public async Task<RotationOutcome> RecoverAsync(ConnectionSnapshot snapshot) => snapshot.Lease is not { Kind: not LeaseKind.Deletion } expired || !leases.IsExpired(expired) || steps.IsStopping
        ? new RotationOutcome.LostRace()
        : await log.AttemptAsync("rotation.recovery", expired.Kind, snapshot.Connection, expired.TraceContext, async () =>
        {
            var key = await dataKeys.CurrentAsync(CancellationToken.None);
            if (await leases.TakeOverAsync(expired) is not { } lease)
            {
                return new RotationOutcome.LostRace();
            }

            log.Resumed(lease.ConnectionId, lease.ToGeneration, lease.Kind, lease.Answer is not null);
            var attempt = new Attempt(snapshot with { Lease = lease }, lease, null, key);
            return lease.Answer is { } answer
                ? await steps.CompleteAsync(attempt, await dataKeys.DecryptAsync(answer, lease.ConnectionId, lease.ToGeneration, CancellationToken.None))
                : await steps.ResumeAsync(attempt);
        });

    // Step 1, lease: a conditional insert. It fails if a lease exists, or if the connection changed since it was read. It also proves that
    // Table Storage can be written before the token is presented. The due entry for the lease's end is written first.
    private async Task<RotationOutcome> BeginAsync(ConnectionSnapshot snapshot, Lease lease, TokenGrant grant, DataKey key) =>
        await log.StepAsync("claim", () => leases.AcquirePreparedAsync(snapshot, new ConnectionChange(snapshot.Connection) { Acquire = lease })) is { } held
            ? await steps.RunAsync(new Attempt(held, held.Lease!, grant, key))
            : new RotationOutcome.LostRace();
}
