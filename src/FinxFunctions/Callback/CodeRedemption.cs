using System.Text;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.Rotation;
using FinxFunctions.State;

namespace FinxFunctions.Callback;

/// <summary>
/// Redeems the authorization code that a user came back with, in the steps of <see cref="RotationProtocol"/>. The code is stored encrypted
/// in the lease, so a crash does not lose it.
/// </summary>
public sealed class CodeRedemption(Leases leases, DataKeys dataKeys, RotationSteps steps, RotationPolicy policy, RotationLog log)
{
    /// <summary>Whether the exchange of a code need not wait for a lease.</summary>
    /// <param name="isNew">Whether the code was not presented before.</param>
    public bool MayBegin(ConnectionSnapshot snapshot, bool isNew) =>
        snapshot is { Connection.Status: not ConnectionStatus.Deleted, Lease: var lease }
        && (lease is null || CodeBeginning.GivesWay(snapshot.Connection, lease, isNew, policy));

    /// <summary>Redeems a code, after <see cref="MayBegin"/>. A lease that gives way is replaced in the same write.</summary>
    /// <exception cref="StorageException">Table Storage did not answer. The code was not presented.</exception>
    /// <exception cref="VaultException">Key Vault did not answer. The code was not presented.</exception>
    public Task<RotationOutcome> RedeemAsync(ConnectionSnapshot snapshot, Link link, Secret code) => log.AttemptAsync("rotation.exchange", LeaseKind.Exchange, snapshot.Connection, link.TraceContext, async () =>
    {
        var key = await dataKeys.CurrentAsync(CancellationToken.None);
        var expiry = await leases.PrepareAsync(snapshot.Connection.Id);
        var lease = leases.New(snapshot.Connection, LeaseKind.Exchange, code, expiry) with { Actor = snapshot.Connection.CallerId, LinkKey = link.Key, Refusals = 0, RefusedAt = null };
        lease = lease with { Code = key.Encrypt(Encoding.UTF8.GetBytes(code.Reveal()), lease.ConnectionId, lease.ToGeneration) };
        link = PresentedCodes.Add(link, code) with { Status = LinkStatus.Returned, Error = null };
        var change = CodeBeginning.Change(snapshot, lease, link, policy);
        if (await log.StepAsync("claim", () => leases.AcquirePreparedAsync(snapshot, change)) is not { } held)
        {
            return new RotationOutcome.LostRace();
        }

        held = held with { Links = [.. held.Links.Select(stored => stored.Key == link.Key ? link : stored)] };
        return await steps.RunAsync(new Attempt(held, held.Lease!, new TokenGrant.AuthorizationCode(code), key));
    });
}
