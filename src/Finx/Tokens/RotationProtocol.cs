using System.Text;
using Finx.Api;
using Finx.Audit;
using Finx.Connections;
using Finx.Hosting;
using Finx.Links;

namespace Finx.Tokens;

/// <summary>
/// Replaces a connection's token pair without ever losing one, though each use of a refresh token makes it worthless and the process may
/// die at any moment. Five steps: <b>claim</b> the connection, <b>spend</b> the token, <b>keep</b> finX's answer sealed in the claim's row,
/// put the pair in the <b>vault</b>, <b>commit</b> the next generation. Whoever finds a claim whose lease is over goes on from where it
/// stands (<see cref="RecoverAsync"/>). The exchange of an authorization code is the same, with the code as the token.
/// </summary>
/// <remarks>
/// What holds throughout: a token is presented only by the owner of a live claim, and a second time only as <see cref="TokenOptions.Replays"/>
/// allows; an answer that arrived is not let go of; the generation grows by one; nothing stays unfinished.
/// Nothing here is cancelled by a caller: see <see cref="InFlight"/>.
/// </remarks>
internal sealed class RotationProtocol(
    ConnectionStore store,
    Claims claims,
    Succession succession,
    TokenVault vault,
    Sealer sealer,
    PairReader pairs,
    FinxTokenClient finx,
    Pace pace,
    InFlight inFlight,
    RotationLog log)
{
    /// <summary>An exchange is tried this often while finX says that it did not act: the user is waiting.</summary>
    private const int ExchangeTries = 3;

    /// <summary>Spends the refresh token of a connection that nobody has claimed.</summary>
    /// <param name="actor">On whose behalf.</param>
    /// <param name="foreseen">What <see cref="Claims.ForeseeAsync"/> began; null where nobody foresaw it.</param>
    /// <exception cref="StorageException">Nothing was spent.</exception>
    /// <exception cref="VaultException">Nothing was spent.</exception>
    public Task<RotationOutcome> RefreshAsync(ConnectionSnapshot snapshot, TokenPair pair, string actor, Task<AgendaEntry>? foreseen = null) => log.AttemptAsync("rotation.refresh", ClaimKind.Refresh, snapshot.Connection, snapshot.Connection.TraceContext, async () =>
    {
        if (pair.RefreshToken is not { } token)
        {
            return await EndAsync(snapshot, null, ReconsentReason.NoRefreshToken, actor);
        }

        if (finx.IsResting)
        {
            return new RotationOutcome.TryLater(TryLaterCause.FinxUnavailable, pace.RetryAt(1, null));
        }

        var key = await sealer.CurrentAsync(CancellationToken.None);
        var noted = foreseen is not null && await foreseen is var early && pace.IsTimeToSpend(early.At) ? early : await claims.ForeseeAsync(snapshot.Connection.Id);
        var claim = NewClaim(snapshot.Connection, ClaimKind.Refresh, token, noted) with { Actor = actor };
        return await BeginAsync(snapshot, claim, [], new TokenGrant.RefreshToken(token), key);
    });

    /// <summary>Spends the authorization code that a user came back with. The code is sealed into the claim: a crash does not lose it.</summary>
    /// <exception cref="StorageException">Nothing was spent.</exception>
    /// <exception cref="VaultException">Nothing was spent.</exception>
    public Task<RotationOutcome> ExchangeAsync(ConnectionSnapshot snapshot, Link link, Secret code) => log.AttemptAsync("rotation.exchange", ClaimKind.Exchange, snapshot.Connection, link.TraceContext, async () =>
    {
        var key = await sealer.CurrentAsync(CancellationToken.None);
        var claim = NewClaim(snapshot.Connection, ClaimKind.Exchange, code, await claims.ForeseeAsync(snapshot.Connection.Id)) with { Actor = snapshot.Connection.Owner, LinkKey = link.Key };
        claim = claim with { Code = key.Seal(Encoding.UTF8.GetBytes(code.Reveal()), claim.ConnectionId, claim.ToGeneration) };
        return await BeginAsync(snapshot, claim, [link with { Status = LinkStatus.Returned, Code = null }], new TokenGrant.AuthorizationCode(code), key);
    });

    /// <summary>Goes on with a claim whose owner did not finish in time.</summary>
    /// <exception cref="StorageException">Nothing changed for the worse.</exception>
    /// <exception cref="VaultException">Nothing changed for the worse.</exception>
    public async Task<RotationOutcome> RecoverAsync(ConnectionSnapshot snapshot) => snapshot.Claim is not { } left || left.LeaseUntil > pace.Now
        ? new RotationOutcome.LostRace()
        : await log.AttemptAsync("rotation.recovery", left.Kind, snapshot.Connection, left.TraceContext, async () =>
        {
            var key = await sealer.CurrentAsync(CancellationToken.None);
            if (await claims.HoldAsync(left with { Owner = NewName(), Actor = AuditTrail.SystemActor }) is not { } claim)
            {
                return new RotationOutcome.LostRace();
            }

            log.TakenOver(claim.ConnectionId, claim.ToGeneration, claim.Kind, claim.Answer is not null);
            return await GoOnAsync(snapshot with { Claim = claim }, claim, key);
        });

    // 1. Claim: a conditional insert that fails if there is a claim, or if anything moved since the connection was read. It also proves
    //    Table Storage writable before the token is spent. The agenda knows of the lease before the claim is there.
    private async Task<RotationOutcome> BeginAsync(ConnectionSnapshot snapshot, Claim claim, IReadOnlyList<Link> links, TokenGrant grant, SealingKey key) =>
        await log.StepAsync("claim", () => claims.TakeForeseenAsync(snapshot, new ConnectionChange(snapshot.Connection) { Claim = claim, Links = links })) is { } held
            ? await SpendAsync(new Attempt(held, held.Claim!, grant, key))
            : new RotationOutcome.LostRace();

    private async Task<RotationOutcome> GoOnAsync(ConnectionSnapshot snapshot, Claim claim, SealingKey key)
    {
        if (claim.Answer is { } answer)
        {
            var body = await sealer.OpenAsync(answer, claim.ConnectionId, claim.ToGeneration, CancellationToken.None);
            return await FinishAsync(new Attempt(snapshot, claim, null, key), body);
        }

        // The answer may have reached the vault where the table could not be written.
        if (await FindAnswerAsync(snapshot.Connection, claim) is var (pair, secretId))
        {
            return await CommitAsync(snapshot, claim, pair, new StoredPair(secretId, null), await succession.ScheduleAsync(snapshot.Connection, pair));
        }

        var attempt = new Attempt(snapshot, claim, null, key);
        return claim.Unanswered ? await ReplayAsync(attempt, "an earlier owner left no answer") : await PresentAgainAsync(attempt, claim.Replays);
    }

    // 2. Spend: one POST, never repeated by the client, its time-out well under the lease. An owner that was held up between its claim and
    //    here, so that the lease might end before finX answers, leaves the token to the next.
    private async Task<RotationOutcome> SpendAsync(Attempt attempt)
    {
        for (var tries = 1; pace.IsTimeToSpend(attempt.Claim.LeaseUntil); tries++)
        {
            switch (await log.StepAsync("spend", () => finx.SpendAsync(attempt.Grant!)))
            {
                case TokenAnswer.Granted granted:
                    return await KeepAsync(attempt, granted.Body);
                case TokenAnswer.Unknown unknown:
                    return await ReplayAsync(attempt with { Claim = attempt.Claim with { Ambiguous = true } }, unknown.Why);
                case TokenAnswer.Refused refused:
                    return await RefusedAsync(attempt, refused.Error);
                case TokenAnswer.ClientRefused refused:
                    log.ClientRefused(attempt.Claim, refused);
                    return await PauseAsync(attempt, TryLaterCause.FinxRefused, null);
                case TokenAnswer.NotProcessed notProcessed when attempt.Claim.Kind is ClaimKind.Exchange && tries < ExchangeTries:
                    await pace.WaitAsync(TimeSpan.FromSeconds(tries));
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

    // 3. Keep: the answer, as it came, goes sealed into the claim's row before anything else can fail. The only thing that stops this is a
    //    newer generation: whatever else became of the row meanwhile, the answer in hand is worth more.
    private async Task<RotationOutcome> KeepAsync(Attempt attempt, ReadOnlyMemory<byte> body)
    {
        var kept = attempt.Claim with
        {
            Answer = attempt.Key.Seal(body.Span, attempt.Claim.ConnectionId, attempt.Claim.ToGeneration),
            AnsweredAt = pace.Now,
        };
        try
        {
            return await TryKeepAsync(attempt with { Claim = kept }, body) ?? new RotationOutcome.LostRace();
        }
        catch (StorageException exception)
        {
            // Table Storage fails just now. The caller need not wait for it.
            log.NotKept(kept.ConnectionId, kept.ToGeneration, exception);
            inFlight.Tidy(() => InsistAsync(attempt with { Claim = kept }, body));
            return TokenResponse.TryParse(body) is { RefreshToken: not null } response
                ? new RotationOutcome.Rotated(await pairs.NextAsync(attempt.Snapshot, kept, response, CancellationToken.None))
                : new RotationOutcome.Ambiguous(kept.LeaseUntil);
        }
    }

    private async Task<RotationOutcome?> TryKeepAsync(Attempt attempt, ReadOnlyMemory<byte> body)
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
                case { Claim: null or { Kind: ClaimKind.Refresh }, Connection: var moved } when IsOutlived(moved, kept) && TokenResponse.TryParse(body) is not null:
                    // The connection went on with its former tokens, and may be at it. A code brings tokens of its own, and the consent that the
                    // user has just given: they come before whatever a refresh of the former ones may bring.
                    log.KeptLate(kept.ConnectionId, kept.ToGeneration);
                    kept = kept with
                    {
                        FromGeneration = moved.Generation,
                        Answer = attempt.Key.Seal(body.Span, kept.ConnectionId, moved.Generation + 1),
                        LeaseUntil = pace.LeaseUntil(),
                        ETag = current.Claim?.ETag ?? kept.ETag,
                    };
                    break;
                case { Connection.Generation: var generation } when generation != kept.FromGeneration && !IsOlder(current, kept):
                    return null;
                case { Connection.Generation: var generation } when generation != kept.FromGeneration:
                    // A former owner's answer was committed, though the token was presented once more after it, by us: ours is the newer pair.
                    kept = kept with { FromGeneration = generation, Kind = ClaimKind.Refresh, Answer = attempt.Key.Seal(body.Span, kept.ConnectionId, generation + 1) };
                    break;
                case { Claim: { Answer: not null, AttemptId: var attemptId } claim } when attemptId == kept.AttemptId && claim.Owner == kept.Owner:
                    return await FinishAsync(attempt with { Snapshot = current, Claim = claim }, body);
                case { Claim: { Answer: not null, PresentedAt: var presentedAt } } when presentedAt >= kept.PresentedAt:
                    // Somebody presented the token after us and was answered: theirs is the newer pair.
                    return null;
                case { Claim: { } claim }:
                    // Its new owner may have presented the token since.
                    log.KeptLate(kept.ConnectionId, kept.ToGeneration);
                    kept = kept with { LeaseUntil = pace.LeaseUntil(), Ambiguous = kept.Ambiguous || claim.PresentedAt > kept.PresentedAt, ETag = claim.ETag };
                    break;
                default:
                    // Somebody gave the connection up, or let go of it, while our answer was on its way.
                    log.KeptLate(kept.ConnectionId, kept.ToGeneration);
                    kept = kept with { LeaseUntil = pace.LeaseUntil() };
                    var noted = claims.NoteAsync(kept); // beside: the answer must not wait for it
                    if (await claims.TakeForeseenAsync(current, new ConnectionChange(current.Connection) { Claim = kept }) is { Claim: { } inserted } held)
                    {
                        await noted;
                        return await FinishAsync(attempt with { Snapshot = held, Claim = inserted }, body);
                    }

                    break;
            }
        }
    }

    /// <summary>Whether a connection moved on without the code that this attempt exchanged, and by no later consent.</summary>
    private bool IsOutlived(Connection moved, Claim kept) =>
        kept.Kind is ClaimKind.Exchange
        && moved.Generation != kept.FromGeneration
        && moved.CommittedBy != kept.AttemptId
        && !(moved.ConsentExpiresAt >= pace.ConsentUntil(kept.AnsweredAt.GetValueOrDefault()));

    /// <summary>Whether what this attempt's former owner committed came of an earlier presentation than ours.</summary>
    private static bool IsOlder(ConnectionSnapshot current, Claim kept) =>
        current is { Claim: null, Connection: var connection }
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
                await TryKeepAsync(attempt, body);
                return;
            }
            catch (StorageException)
            {
                await pace.WaitAsync(pace.RetryAt(Math.Min(failures, 4), null) - pace.Now);
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

            // 4. Vault: one secret version a pair. The agenda learns beside it when to come back.
            var scheduled = succession.ScheduleAsync(attempt.Connection, pair);
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

    // 5. Commit: in one batch the connection moves to the next generation with the exact secret version, and the claim goes. Both
    //    conditional: a claim that changed hands cannot be committed by its former owner.
    private async Task<RotationOutcome> CommitAsync(ConnectionSnapshot snapshot, Claim claim, TokenPair pair, StoredPair stored, Schedule schedule)
    {
        var (isDone, stands) = await log.StepAsync("commit", () => claims.EndAsync(snapshot, claim, (held, mine) => new ConnectionChange(succession.Next(held.Connection, mine, pair, stored, schedule))
        {
            Release = mine,
            Links = Concluded(held, mine, LinkStatus.Connected, null),
            Overflow = stored.Overflow,
            HadOverflow = held.Connection.HasOverflow,
        }));
        if (!isDone && stands?.Connection.Generation == claim.FromGeneration && stands.Claim is { Answer: not null })
        {
            // Somebody took the claim over, and finishes with this same answer.
            return new RotationOutcome.Rotated(pair);
        }

        if (!isDone && (stands?.Connection.Generation != pair.Generation || stands.Connection.CommittedBy != claim.AttemptId))
        {
            return new RotationOutcome.LostRace();
        }

        succession.Retire(snapshot.Connection, claim.ToGeneration);
        await log.RotatedAsync(snapshot.Connection, claim);
        return new RotationOutcome.Rotated(pair);
    }

    // The last presentation has no answer. Present the token again if the replay policy allows it now; else rest until it does.
    private async Task<RotationOutcome> ReplayAsync(Attempt attempt, string why)
    {
        var claim = attempt.Claim with { Ambiguous = true };
        log.Ambiguous(claim, why);
        attempt = attempt with { Claim = claim };
        var isOver = claim.Kind is ClaimKind.Exchange
            ? claim.Replays > 0 || pace.IsCodeOver(claim)
            : attempt.Connection.RefreshExpiresAt is { } end && end <= pace.Now;
        return pace.ReplayAt(claim, attempt.Connection) switch
        {
            null => await EndAsync(attempt.Snapshot, claim, ReconsentReason.Ambiguous),
            _ when isOver => await EndAsync(attempt.Snapshot, claim, ReconsentReason.Ambiguous),
            { } at when at <= pace.Now => await PresentAgainAsync(attempt, pace.ReplaysAfter(claim)),
            { } at => await claims.RestAsync(claim, at) ? new RotationOutcome.Ambiguous(at) : new RotationOutcome.LostRace(),
        };
    }

    // That a token is presented again is written down before it is.
    private async Task<RotationOutcome> PresentAgainAsync(Attempt attempt, int replays) =>
        await claims.HoldAsync(attempt.Claim with { Replays = replays, PresentedAt = pace.Now, Unanswered = true }) is { } held
            ? await SpendAsync(attempt with { Claim = held, Grant = attempt.Grant ?? await GrantOfAsync(attempt.Snapshot, held) })
            : new RotationOutcome.LostRace();

    // finX refuses the token. That is the end only if the connection is still where it was when the token was presented.
    private async Task<RotationOutcome> RefusedAsync(Attempt attempt, FinxError error)
    {
        var isAmbiguous = attempt.Claim.Ambiguous || attempt.Connection.IsDoubtful;
        log.Refused(attempt.Claim.ConnectionId, attempt.Claim.ToGeneration, error, isAmbiguous);
        var current = await store.ReadAsync(attempt.Claim.ConnectionId, CancellationToken.None);
        if (current is null || current.Connection.Generation != attempt.Claim.FromGeneration || current.Claim?.Owner != attempt.Claim.Owner || current.Claim.Answer is not null)
        {
            return new RotationOutcome.LostRace();
        }

        return attempt.Claim.Ambiguous && await FindAnswerAsync(current.Connection, attempt.Claim) is var (pair, secretId)
            ? await CommitAsync(current, current.Claim, pair, new StoredPair(secretId, null), await succession.ScheduleAsync(current.Connection, pair))
            : await EndAsync(current, current.Claim, isAmbiguous ? ReconsentReason.Ambiguous : ReconsentReason.Refused);
    }

    /// <summary>An answer to this claim that reached the vault alone.</summary>
    private async Task<(TokenPair Pair, Uri SecretId)?> FindAnswerAsync(Connection connection, Claim claim) =>
        await vault.FindAsync(connection, claim.ToGeneration, CancellationToken.None) is var (pair, secretId) && pair.ObtainedAt >= claim.StartedAt
            ? (pair, secretId)
            : null;

    // finX did not act. Where every presentation so far was answered the claim is let go of; else it stays, to remember that one was not.
    private async Task<RotationOutcome> PauseAsync(Attempt attempt, TryLaterCause cause, TimeSpan? wish)
    {
        var claim = attempt.Claim with { Unanswered = false };
        if (claim.Kind is ClaimKind.Exchange)
        {
            return await EndAsync(attempt.Snapshot, claim, cause is TryLaterCause.FinxRefused ? "finx_refused" : "finx_unavailable");
        }

        var failures = Math.Max(claim.Failures, attempt.Connection.Failures) + 1;
        var retryAt = pace.RetryAt(failures, wish);
        if (claim.Ambiguous)
        {
            await claims.RestAsync(claim with { Failures = failures }, retryAt);
        }
        else
        {
            await claims.EndAsync(attempt.Snapshot, claim, (held, mine) =>
                new ConnectionChange(held.Connection with { Failures = failures, RetryAt = retryAt, RetryCause = cause }) { Release = mine });
        }

        return new RotationOutcome.TryLater(cause, retryAt);
    }

    // A refresh that ends here leaves the connection to its user; an exchange that ends here leaves it as it was.
    private async Task<RotationOutcome> EndAsync(ConnectionSnapshot snapshot, Claim? claim, string reason, string actor = AuditTrail.SystemActor)
    {
        var isDone = claim is null
            ? await store.TryWriteAsync(new ConnectionChange(Ended(snapshot.Connection, reason)), CancellationToken.None) is not null
            : (await claims.EndAsync(snapshot, claim, (held, mine) => new ConnectionChange(mine.Kind is ClaimKind.Exchange ? held.Connection : Ended(held.Connection, reason))
            {
                Release = mine,
                Links = Concluded(held, mine, LinkStatus.Failed, reason),
            })).IsDone;
        if (!isDone)
        {
            return new RotationOutcome.LostRace();
        }

        await log.EndedAsync(snapshot.Connection, claim?.Kind ?? ClaimKind.Refresh, claim?.Actor ?? actor, reason);
        return new RotationOutcome.NeedsReconsent(reason);
    }

    private static Connection Ended(Connection connection, string reason) =>
        connection with { Status = ConnectionStatus.NeedsReconsent, Reason = reason, NextRotationAt = null, Failures = 0, RetryAt = null, RetryCause = null };

    private async Task<TokenGrant> GrantOfAsync(ConnectionSnapshot snapshot, Claim claim) => claim.Code is { } code
        ? new TokenGrant.AuthorizationCode(new Secret(Encoding.UTF8.GetString(await sealer.OpenAsync(code, claim.ConnectionId, claim.ToGeneration, CancellationToken.None))))
        : new TokenGrant.RefreshToken((await pairs.CommittedAsync(snapshot, CancellationToken.None))?.RefreshToken ?? throw new InvalidOperationException($"Connection {claim.ConnectionId} has no refresh token to present."));

    private Claim NewClaim(Connection connection, ClaimKind kind, Secret token, AgendaEntry noted) => new()
    {
        ConnectionId = connection.Id,
        Kind = kind,
        FromGeneration = connection.Generation,
        AttemptId = NewName(),
        Owner = NewName(),
        LeaseUntil = noted.At,
        StartedAt = pace.Now,
        TokenHash = token.Hash(),
        PresentedAt = pace.Now,
        Unanswered = true,
        TraceContext = FinxTraces.Context,
    };

    // A flow that was said to have failed has failed, though its answer comes after all: a return is answered the same however often it is made.
    private static IReadOnlyList<Link> Concluded(ConnectionSnapshot snapshot, Claim? claim, LinkStatus status, string? error) =>
        [.. snapshot.Links.Where(link => link.Key == claim?.LinkKey && link.Status is not LinkStatus.Failed).Select(link => link with { Status = status, Error = error, Code = null, ETag = Azure.ETag.All })];

    private static string NewName() => Guid.NewGuid().ToString("N");
}
