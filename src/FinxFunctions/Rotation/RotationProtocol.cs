using System.Text;
using FinxFunctions.Diagnostics;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.Primitives;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// Replaces a connection's token pair without ever losing one, though each use of a refresh token makes it worthless and the process may
/// die at any moment. Five steps: <b>lease</b> the connection, <b>spend</b> the token, <b>keep</b> finX's answer sealed in the lease's row,
/// put the pair in the <b>vault</b>, <b>commit</b> the next generation. Whoever finds a lease whose lease is over goes on from where it
/// stands (<see cref="RecoverAsync"/>). The exchange of an authorization code is the same, with the code as the token.
/// </summary>
/// <remarks>
/// What holds throughout: a token is presented only by the owner of a live lease, and a second time only as <see cref="TokenOptions.Replays"/>
/// allows; an answer that arrived is not let go of; the generation grows by one; nothing stays unfinished.
/// Nothing here is cancelled by a caller: see <see cref="BackgroundWork"/>.
/// </remarks>
public sealed class RotationProtocol(
    ConnectionStore store,
    Leases leases,
    NextGeneration nextGeneration,
    TokenVault vault,
    DataKeys dataKeys,
    TokenPairReader pairs,
    FinxTokenClient finx,
    RotationPolicy policy,
    BackgroundWork background,
    RotationLog log)
{
    /// <summary>An exchange is tried this often while finX says that it did not act: the user is waiting.</summary>
    private const int ExchangeTries = 3;

    /// <summary>Spends the refresh token of a connection that nobody has leased.</summary>
    /// <param name="actor">On whose behalf.</param>
    /// <param name="foreseen">What <see cref="Leases.PrepareAsync"/> began; null where nobody foresaw it.</param>
    /// <exception cref="StorageException">Nothing was spent.</exception>
    /// <exception cref="VaultException">Nothing was spent.</exception>
    public Task<RotationOutcome> RefreshAsync(ConnectionSnapshot snapshot, TokenPair pair, string actor, Task<DueEntry>? foreseen = null) => log.AttemptAsync("rotation.refresh", LeaseKind.Refresh, snapshot.Connection, snapshot.Connection.TraceContext, async () =>
    {
        if (pair.RefreshToken is not { } token)
        {
            return await EndAsync(snapshot, null, ReconsentReason.NoRefreshToken, actor);
        }

        if (finx.IsCircuitOpen)
        {
            return new RotationOutcome.TryLater(TryLaterCause.FinxUnavailable, policy.RetryAt(1, null));
        }

        var key = await dataKeys.CurrentAsync(CancellationToken.None);
        var noted = foreseen is not null && await foreseen is var early && policy.HasTimeToRedeem(early.At) ? early : await leases.PrepareAsync(snapshot.Connection.Id);
        var lease = NewLease(snapshot.Connection, LeaseKind.Refresh, token, noted) with { Actor = actor };
        return await BeginAsync(snapshot, lease, [], new TokenGrant.RefreshToken(token), key);
    });

    /// <summary>Spends the authorization code that a user came back with. The code is sealed into the lease: a crash does not lose it.</summary>
    /// <exception cref="StorageException">Nothing was spent.</exception>
    /// <exception cref="VaultException">Nothing was spent.</exception>
    public Task<RotationOutcome> ExchangeAsync(ConnectionSnapshot snapshot, Link link, Secret code) => log.AttemptAsync("rotation.exchange", LeaseKind.Exchange, snapshot.Connection, link.TraceContext, async () =>
    {
        var key = await dataKeys.CurrentAsync(CancellationToken.None);
        var lease = NewLease(snapshot.Connection, LeaseKind.Exchange, code, await leases.PrepareAsync(snapshot.Connection.Id)) with { Actor = snapshot.Connection.CallerId, LinkKey = link.Key };
        lease = lease with { Code = key.Encrypt(Encoding.UTF8.GetBytes(code.Reveal()), lease.ConnectionId, lease.ToGeneration) };
        return await BeginAsync(snapshot, lease, [link with { Status = LinkStatus.Returned, Code = null }], new TokenGrant.AuthorizationCode(code), key);
    });

    /// <summary>Goes on with a lease whose owner did not finish in time.</summary>
    /// <exception cref="StorageException">Nothing changed for the worse.</exception>
    /// <exception cref="VaultException">Nothing changed for the worse.</exception>
    public async Task<RotationOutcome> RecoverAsync(ConnectionSnapshot snapshot) => snapshot.Lease is not { } left || left.ExpiresAt > policy.Now
        ? new RotationOutcome.LostRace()
        : await log.AttemptAsync("rotation.recovery", left.Kind, snapshot.Connection, left.TraceContext, async () =>
        {
            var key = await dataKeys.CurrentAsync(CancellationToken.None);
            if (await leases.RenewAsync(left with { Holder = NewName(), Actor = Actor.System }) is not { } lease)
            {
                return new RotationOutcome.LostRace();
            }

            log.Resumed(lease.ConnectionId, lease.ToGeneration, lease.Kind, lease.Answer is not null);
            return await ResumeAsync(snapshot with { Lease = lease }, lease, key);
        });

    // 1. Claim: a conditional insert that fails if there is a lease, or if anything moved since the connection was read. It also proves
    //    Table Storage writable before the token is spent. The schedule knows of the lease before the lease is there.
    private async Task<RotationOutcome> BeginAsync(ConnectionSnapshot snapshot, Lease lease, IReadOnlyList<Link> links, TokenGrant grant, DataKey key) =>
        await log.StepAsync("claim", () => leases.AcquirePreparedAsync(snapshot, new ConnectionChange(snapshot.Connection) { Acquire = lease, Links = links })) is { } held
            ? await PresentAsync(new Attempt(held, held.Lease!, grant, key))
            : new RotationOutcome.LostRace();

    private async Task<RotationOutcome> ResumeAsync(ConnectionSnapshot snapshot, Lease lease, DataKey key)
    {
        if (lease.Answer is { } answer)
        {
            var body = await dataKeys.DecryptAsync(answer, lease.ConnectionId, lease.ToGeneration, CancellationToken.None);
            return await FinishAsync(new Attempt(snapshot, lease, null, key), body);
        }

        // The answer may have reached the vault where the table could not be written.
        if (await FindAnswerAsync(snapshot.Connection, lease) is var (pair, secretId))
        {
            return await CommitAsync(snapshot, lease, pair, new StoredTokenPair(secretId, null), await nextGeneration.ScheduleAsync(snapshot.Connection, pair));
        }

        var attempt = new Attempt(snapshot, lease, null, key);
        return lease.Unanswered ? await ReplayAsync(attempt, "an earlier owner left no answer") : await PresentAgainAsync(attempt, lease.Replays);
    }

    // 2. Spend: one POST, never repeated by the client, its time-out well under the lease. An owner that was held up between its lease and
    //    here, so that the lease might end before finX answers, leaves the token to the next.
    private async Task<RotationOutcome> PresentAsync(Attempt attempt)
    {
        for (var tries = 1; policy.HasTimeToRedeem(attempt.Claim.ExpiresAt); tries++)
        {
            switch (await log.StepAsync("spend", () => finx.RedeemAsync(attempt.Grant!)))
            {
                case TokenAnswer.Granted granted:
                    return await PersistAsync(attempt, granted.Body);
                case TokenAnswer.Unknown unknown:
                    return await ReplayAsync(attempt with { Claim = attempt.Claim with { Ambiguous = true } }, unknown.Why);
                case TokenAnswer.Refused refused:
                    return await RefusedAsync(attempt, refused.Error);
                case TokenAnswer.ClientRefused refused:
                    log.ClientRefused(attempt.Claim, refused);
                    return await PauseAsync(attempt, TryLaterCause.FinxRefused, null);
                case TokenAnswer.NotProcessed notProcessed when attempt.Claim.Kind is LeaseKind.Exchange && tries < ExchangeTries:
                    await policy.DelayAsync(TimeSpan.FromSeconds(tries));
                    attempt = attempt with { Claim = attempt.Claim with { Ambiguous = attempt.Claim.Ambiguous || notProcessed.MayHaveActed } };
                    break;
                case TokenAnswer.NotProcessed notProcessed:
                    log.NotProcessed(attempt.Claim.ConnectionId, attempt.Claim.ToGeneration, notProcessed.Why);
                    attempt = attempt with { Claim = attempt.Claim with { Ambiguous = attempt.Claim.Ambiguous || notProcessed.MayHaveActed } };
                    return await PauseAsync(attempt, TryLaterCause.FinxUnavailable, notProcessed.RetryAfter);
            }
        }

        return new RotationOutcome.LostRace();
    }

    // 3. Keep: the answer, as it came, goes sealed into the lease's row before anything else can fail. The only thing that stops this is a
    //    newer generation: whatever else became of the row meanwhile, the answer in hand is worth more.
    private async Task<RotationOutcome> PersistAsync(Attempt attempt, ReadOnlyMemory<byte> body)
    {
        var kept = attempt.Claim with
        {
            Answer = attempt.Key.Encrypt(body.Span, attempt.Claim.ConnectionId, attempt.Claim.ToGeneration),
            AnsweredAt = policy.Now,
        };
        try
        {
            return await TryPersistAsync(attempt with { Claim = kept }, body) ?? new RotationOutcome.LostRace();
        }
        catch (StorageException exception)
        {
            // Table Storage fails just now. The caller need not wait for it.
            log.NotPersisted(kept.ConnectionId, kept.ToGeneration, exception);
            background.Start(() => InsistAsync(attempt with { Claim = kept }, body));
            return TokenResponse.TryParse(body) is { RefreshToken: not null } response
                ? new RotationOutcome.Rotated(await pairs.NextAsync(attempt.Snapshot, kept, response, CancellationToken.None))
                : new RotationOutcome.Ambiguous(kept.ExpiresAt);
        }
    }

    private async Task<RotationOutcome?> TryPersistAsync(Attempt attempt, ReadOnlyMemory<byte> body)
    {
        var kept = attempt.Claim;
        while (true)
        {
            if (await log.StepAsync("keep", () => store.TryUpdateAsync(kept, CancellationToken.None)) is { } written)
            {
                return await FinishAsync(attempt with { Claim = written }, body);
            }

            var current = await store.ReadAsync(kept.ConnectionId, CancellationToken.None);
            switch (current)
            {
                case null or { Connection.Status: ConnectionStatus.Deleted }:
                    return null;
                case { Lease: null or { Kind: LeaseKind.Refresh }, Connection: var moved } when IsSuperseded(moved, kept) && TokenResponse.TryParse(body) is not null:
                    // The connection went on with its former tokens, and may be at it. A code brings tokens of its own, and the consent that the
                    // user has just given: they come before whatever a refresh of the former ones may bring.
                    log.PersistedLate(kept.ConnectionId, kept.ToGeneration);
                    kept = kept with
                    {
                        FromGeneration = moved.Generation,
                        Answer = attempt.Key.Encrypt(body.Span, kept.ConnectionId, moved.Generation + 1),
                        ExpiresAt = policy.LeaseExpiry(),
                        ETag = current.Lease?.ETag ?? kept.ETag,
                    };
                    break;
                case { Connection.Generation: var generation } when generation != kept.FromGeneration && !IsOlder(current, kept):
                    return null;
                case { Connection.Generation: var generation } when generation != kept.FromGeneration:
                    // A former owner's answer was committed, though the token was presented once more after it, by us: ours is the newer pair.
                    kept = kept with { FromGeneration = generation, Kind = LeaseKind.Refresh, Answer = attempt.Key.Encrypt(body.Span, kept.ConnectionId, generation + 1) };
                    break;
                case { Lease: { Answer: not null, AttemptId: var attemptId } lease } when attemptId == kept.AttemptId && lease.Holder == kept.Holder:
                    return await FinishAsync(attempt with { Snapshot = current, Claim = lease }, body);
                case { Lease: { Answer: not null, PresentedAt: var presentedAt } } when presentedAt >= kept.PresentedAt:
                    // Somebody presented the token after us and was answered: theirs is the newer pair.
                    return null;
                case { Lease: { } lease }:
                    // Its new owner may have presented the token since.
                    log.PersistedLate(kept.ConnectionId, kept.ToGeneration);
                    kept = kept with { ExpiresAt = policy.LeaseExpiry(), Ambiguous = kept.Ambiguous || lease.PresentedAt > kept.PresentedAt, ETag = lease.ETag };
                    break;
                default:
                    // Somebody gave the connection up, or let go of it, while our answer was on its way.
                    log.PersistedLate(kept.ConnectionId, kept.ToGeneration);
                    kept = kept with { ExpiresAt = policy.LeaseExpiry() };
                    var noted = leases.ScheduleExpiryAsync(kept); // beside: the answer must not wait for it
                    if (await leases.AcquirePreparedAsync(current, new ConnectionChange(current.Connection) { Acquire = kept }) is { Lease: { } inserted } held)
                    {
                        await noted;
                        return await FinishAsync(attempt with { Snapshot = held, Claim = inserted }, body);
                    }

                    break;
            }
        }
    }

    /// <summary>Whether a connection moved on without the code that this attempt exchanged, and by no later consent.</summary>
    private bool IsSuperseded(Connection moved, Lease kept) =>
        kept.Kind is LeaseKind.Exchange
        && moved.Generation != kept.FromGeneration
        && moved.CommittedBy != kept.AttemptId
        && !(moved.ConsentExpiresAt >= policy.ConsentExpiry(kept.AnsweredAt.GetValueOrDefault()));

    /// <summary>Whether what this attempt's former owner committed came of an earlier presentation than ours.</summary>
    private static bool IsOlder(ConnectionSnapshot current, Lease kept) =>
        current is { Lease: null, Connection: var connection }
        && connection.Generation == kept.ToGeneration
        && connection.CommittedBy == kept.AttemptId
        && connection.PresentedAt < kept.PresentedAt;

    // The vault is a second place to keep the pair, and a recovery looks there; meanwhile the table is tried again until it answers or the
    // process ends.
    private async Task InsistAsync(Attempt attempt, ReadOnlyMemory<byte> body)
    {
        var isInVault = false;
        for (var failures = 1; ; failures++)
        {
            try
            {
                if (!isInVault && TokenResponse.TryParse(body) is { } response)
                {
                    var pair = await pairs.NextAsync(attempt.Snapshot, attempt.Claim, response, CancellationToken.None);
                    await vault.SetAsync(attempt.Connection.Vault, pair, CancellationToken.None);
                    isInVault = true;
                }
            }
            catch (VaultException)
            {
                // Tried again with the table.
            }

            try
            {
                await TryPersistAsync(attempt, body);
                return;
            }
            catch (StorageException)
            {
                await policy.DelayAsync(policy.RetryAt(Math.Min(failures, 4), null) - policy.Now);
            }
        }
    }

    private async Task<RotationOutcome> FinishAsync(Attempt attempt, ReadOnlyMemory<byte> body)
    {
        if (TokenResponse.TryParse(body) is not { } response)
        {
            return await ReplayAsync(attempt with { Claim = attempt.Claim with { Ambiguous = true, Unanswered = true, Answer = null, AnsweredAt = null } }, "the answer cannot be read");
        }

        TokenPair? pair = null;
        try
        {
            pair = await pairs.NextAsync(attempt.Snapshot, attempt.Claim, response, CancellationToken.None);

            // 4. Vault: one secret version a pair. The schedule learns beside it when to come back.
            var scheduled = nextGeneration.ScheduleAsync(attempt.Connection, pair);
            var stored = await log.StepAsync("vault", () => vault.SetAsync(attempt.Connection.Vault, pair, CancellationToken.None));
            return await CommitAsync(attempt.Snapshot, attempt.Claim, pair, stored, await scheduled);
        }
        catch (VaultException exception) when (pair is not null)
        {
            // Callers are served from the sealed answer; the end of the lease brings somebody to try the vault again.
            log.VaultLater(pair.ConnectionId, pair.Generation, exception);
            return new RotationOutcome.Rotated(pair);
        }
        catch (StorageException exception) when (pair is not null)
        {
            log.CommitLater(pair.ConnectionId, pair.Generation, exception);
            return new RotationOutcome.Rotated(pair);
        }
    }

    // 5. Commit: in one batch the connection moves to the next generation with the exact secret version, and the lease goes. Both
    //    conditional: a lease that changed hands cannot be committed by its former owner.
    private async Task<RotationOutcome> CommitAsync(ConnectionSnapshot snapshot, Lease lease, TokenPair pair, StoredTokenPair stored, NextDue schedule)
    {
        var (isDone, stands) = await log.StepAsync("commit", () => leases.ReleaseAsync(snapshot, lease, (held, mine) => new ConnectionChange(nextGeneration.Next(held.Connection, mine, pair, stored, schedule))
        {
            Release = mine,
            Links = Concluded(held, mine, LinkStatus.Connected, null),
            Overflow = stored.Overflow,
            HadOverflow = held.Connection.HasOverflow,
        }));
        if (!isDone && stands?.Connection.Generation == lease.FromGeneration && stands.Lease is { Answer: not null })
        {
            // Somebody took the lease over, and finishes with this same answer.
            return new RotationOutcome.Rotated(pair);
        }

        if (!isDone && (stands?.Connection.Generation != pair.Generation || stands.Connection.CommittedBy != lease.AttemptId))
        {
            return new RotationOutcome.LostRace();
        }

        nextGeneration.Retire(snapshot.Connection, lease.ToGeneration);
        await log.RotatedAsync(snapshot.Connection, lease);
        return new RotationOutcome.Rotated(pair);
    }

    // The last presentation has no answer. Present the token again if the replay policy allows it now; else rest until it does.
    private async Task<RotationOutcome> ReplayAsync(Attempt attempt, string why)
    {
        var lease = attempt.Claim with { Ambiguous = true };
        log.Ambiguous(lease, why);
        attempt = attempt with { Claim = lease };
        var isOver = lease.Kind is LeaseKind.Exchange
            ? lease.Replays > 0 || policy.IsCodeExpired(lease)
            : attempt.Connection.RefreshExpiresAt is { } end && end <= policy.Now;
        return policy.ReplayAt(lease, attempt.Connection) switch
        {
            null => await EndAsync(attempt.Snapshot, lease, ReconsentReason.Ambiguous),
            _ when isOver => await EndAsync(attempt.Snapshot, lease, ReconsentReason.Ambiguous),
            { } at when at <= policy.Now => await PresentAgainAsync(attempt, policy.ReplaysAfter(lease)),
            { } at => await leases.SuspendAsync(lease, at) ? new RotationOutcome.Ambiguous(at) : new RotationOutcome.LostRace(),
        };
    }

    // That a token is presented again is written down before it is.
    private async Task<RotationOutcome> PresentAgainAsync(Attempt attempt, int replays) =>
        await leases.RenewAsync(attempt.Claim with { Replays = replays, PresentedAt = policy.Now, Unanswered = true }) is { } held
            ? await PresentAsync(attempt with { Claim = held, Grant = attempt.Grant ?? await GrantOfAsync(attempt.Snapshot, held) })
            : new RotationOutcome.LostRace();

    // finX refuses the token. That is the end only if the connection is still where it was when the token was presented.
    private async Task<RotationOutcome> RefusedAsync(Attempt attempt, FinxError error)
    {
        var isAmbiguous = attempt.Claim.Ambiguous || attempt.Connection.FormerPresentationUnanswered;
        log.Refused(attempt.Claim.ConnectionId, attempt.Claim.ToGeneration, error, isAmbiguous);
        var current = await store.ReadAsync(attempt.Claim.ConnectionId, CancellationToken.None);
        if (current is null || current.Connection.Generation != attempt.Claim.FromGeneration || current.Lease?.Holder != attempt.Claim.Holder || current.Lease.Answer is not null)
        {
            return new RotationOutcome.LostRace();
        }

        return attempt.Claim.Ambiguous && await FindAnswerAsync(current.Connection, attempt.Claim) is var (pair, secretId)
            ? await CommitAsync(current, current.Lease, pair, new StoredTokenPair(secretId, null), await nextGeneration.ScheduleAsync(current.Connection, pair))
            : await EndAsync(current, current.Lease, isAmbiguous ? ReconsentReason.Ambiguous : ReconsentReason.Refused);
    }

    /// <summary>An answer to this lease that reached the vault alone.</summary>
    private async Task<(TokenPair Pair, Uri SecretId)?> FindAnswerAsync(Connection connection, Lease lease) =>
        await vault.FindAsync(connection.Vault, connection.Id, lease.ToGeneration, CancellationToken.None) is var (pair, secretId) && pair.ObtainedAt >= lease.StartedAt
            ? (pair, secretId)
            : null;

    // finX did not act. Where every presentation so far was answered the lease is let go of; else it stays, to remember that one was not.
    private async Task<RotationOutcome> PauseAsync(Attempt attempt, TryLaterCause cause, TimeSpan? wish)
    {
        var lease = attempt.Claim with { Unanswered = false };
        if (lease.Kind is LeaseKind.Exchange)
        {
            return await EndAsync(attempt.Snapshot, lease, cause is TryLaterCause.FinxRefused ? "finx_refused" : "finx_unavailable");
        }

        var failures = Math.Max(lease.Failures, attempt.Connection.Failures) + 1;
        var retryAt = policy.RetryAt(failures, wish);
        if (lease.Ambiguous)
        {
            await leases.SuspendAsync(lease with { Failures = failures }, retryAt);
        }
        else
        {
            await leases.ReleaseAsync(attempt.Snapshot, lease, (held, mine) =>
                new ConnectionChange(held.Connection with { Failures = failures, RetryAt = retryAt, RetryCause = cause }) { Release = mine });
        }

        return new RotationOutcome.TryLater(cause, retryAt);
    }

    // A refresh that ends here leaves the connection to its user; an exchange that ends here leaves it as it was.
    private async Task<RotationOutcome> EndAsync(ConnectionSnapshot snapshot, Lease? lease, string reason, string actor = Actor.System)
    {
        var isDone = lease is null
            ? await store.TryWriteAsync(new ConnectionChange(Ended(snapshot.Connection, reason)), CancellationToken.None) is not null
            : (await leases.ReleaseAsync(snapshot, lease, (held, mine) => new ConnectionChange(mine.Kind is LeaseKind.Exchange ? held.Connection : Ended(held.Connection, reason))
            {
                Release = mine,
                Links = Concluded(held, mine, LinkStatus.Failed, reason),
            })).IsDone;
        if (!isDone)
        {
            return new RotationOutcome.LostRace();
        }

        await log.EndedAsync(snapshot.Connection, lease?.Kind ?? LeaseKind.Refresh, lease?.Actor ?? actor, reason);
        return new RotationOutcome.NeedsReconsent(reason);
    }

    private static Connection Ended(Connection connection, string reason) =>
        connection with { Status = ConnectionStatus.NeedsReconsent, Reason = reason, NextRotationAt = null, Failures = 0, RetryAt = null, RetryCause = null };

    private async Task<TokenGrant> GrantOfAsync(ConnectionSnapshot snapshot, Lease lease) => lease.Code is { } code
        ? new TokenGrant.AuthorizationCode(new Secret(Encoding.UTF8.GetString(await dataKeys.DecryptAsync(code, lease.ConnectionId, lease.ToGeneration, CancellationToken.None))))
        : new TokenGrant.RefreshToken((await pairs.CommittedAsync(snapshot, CancellationToken.None))?.RefreshToken ?? throw new InvalidOperationException($"Connection {lease.ConnectionId} has no refresh token to present."));

    private Lease NewLease(Connection connection, LeaseKind kind, Secret token, DueEntry noted) => new()
    {
        ConnectionId = connection.Id,
        Kind = kind,
        FromGeneration = connection.Generation,
        AttemptId = NewName(),
        Holder = NewName(),
        ExpiresAt = noted.At,
        StartedAt = policy.Now,
        TokenHash = token.Hash(),
        PresentedAt = policy.Now,
        Unanswered = true,
        TraceContext = FinxTraces.Context,
    };

    // A flow that was said to have failed has failed, though its answer comes after all: a return is answered the same however often it is made.
    private static IReadOnlyList<Link> Concluded(ConnectionSnapshot snapshot, Lease? lease, LinkStatus status, string? error) =>
        [.. snapshot.Links.Where(link => link.Key == lease?.LinkKey && link.Status is not LinkStatus.Failed).Select(link => link with { Status = status, Error = error, Code = null, ETag = Azure.ETag.All })];

    private static string NewName() => Guid.NewGuid().ToString("N");
}
