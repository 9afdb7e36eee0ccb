using Finx.Connections;
using Finx.Hosting;

namespace Finx.Tokens;

/// <summary>What a connection becomes with its next token pair, when the timer comes back to it, and what is then of no use any more.</summary>
internal sealed class Succession(Agenda agenda, TokenVault vault, Pace pace, InFlight inFlight)
{
    /// <summary>
    /// Sees to it that the agenda leads to the connection before its new refresh token is due. An entry that will be met in time stays as it
    /// is, or each access token would move one: the visit itself moves it on.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<Schedule> ScheduleAsync(Connection before, TokenPair pair)
    {
        var rotateAt = pace.NextRotation(pair);
        if (rotateAt is not { } at || (before.VisitAt > pace.Now && before.VisitAt <= at))
        {
            return new Schedule(rotateAt, before.VisitAt);
        }

        await agenda.AddAsync(new AgendaEntry(before.Id, at, pair.RefreshExpiresAt), CancellationToken.None);
        return new Schedule(rotateAt, at);
    }

    /// <summary>The connection's row at its next generation.</summary>
    public Connection Next(Connection before, Claim claim, TokenPair pair, StoredPair stored, Schedule schedule) => before with
    {
        Status = ConnectionStatus.Active,
        Generation = pair.Generation,
        RefreshedAt = pair.ObtainedAt,
        AccessExpiresAt = pair.AccessExpiresAt,
        RefreshExpiresAt = pair.RefreshToken is null ? null : pair.RefreshExpiresAt,
        NextRotationAt = schedule.RotateAt,
        ConsentExpiresAt = claim.Kind is ClaimKind.Exchange ? pace.ConsentUntil(pair.ObtainedAt) : before.ConsentExpiresAt,
        Scope = pair.Scope,
        Reason = null,
        SecretId = stored.SecretId,
        HasOverflow = stored.Overflow is not null,
        RetiredSecret = RetiredBy(before, pair.Generation) ?? before.RetiredSecret,
        CommittedBy = claim.AttemptId,
        PresentedAt = claim.PresentedAt,
        IsDoubtful = claim.Ambiguous,
        TraceContext = FinxTraces.Context ?? before.TraceContext,
        VisitAt = schedule.VisitAt,
        Failures = 0,
        RetryAt = null,
        RetryCause = null,
    };

    /// <summary>Deletes the secret that the new generation leaves behind. Where that fails the connection's next visit does it.</summary>
    public void Retire(Connection before, int generation)
    {
        if (RetiredBy(before, generation) is { } former)
        {
            inFlight.Tidy(() => vault.DeleteAsync(before.Vault, former, CancellationToken.None));
        }
    }

    private static string? RetiredBy(Connection before, int generation) =>
        before.Generation > 0 && TokenVault.NameOf(before.Id, before.Generation) is var former && former != TokenVault.NameOf(before.Id, generation) ? former : null;
}
