using FinxFunctions.Diagnostics;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>A connection at its next generation: its row, its next due entry, and the secret that it no longer needs.</summary>
public sealed class NextGeneration(RotationSchedule schedule, TokenVault vault, RotationPolicy policy, BackgroundWork background)
{
    /// <summary>
    /// Makes sure that a due entry leads to the connection before its new refresh token is due. An entry that comes in time stays as it is:
    /// otherwise each new access token would write one. The reconciliation of that entry writes the next one.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<NextDue> ScheduleAsync(Connection before, TokenPair pair)
    {
        var rotateAt = policy.NextRotation(pair);
        if (rotateAt is not { } at || (before.DueAt > policy.Now && before.DueAt <= at))
        {
            return new NextDue(rotateAt, before.DueAt);
        }

        await schedule.AddAsync(new DueEntry(before.Id, at, pair.RefreshExpiresAt), CancellationToken.None);
        return new NextDue(rotateAt, at);
    }

    /// <summary>The connection's row at its next generation.</summary>
    public Connection Next(Connection before, Lease lease, TokenPair pair, StoredTokenPair stored, NextDue schedule) => before with
    {
        Status = ConnectionStatus.Active,
        Generation = pair.Generation,
        RefreshedAt = pair.ObtainedAt,
        AccessExpiresAt = pair.AccessExpiresAt,
        RefreshExpiresAt = pair.RefreshToken is null ? null : pair.RefreshExpiresAt,
        NextRotationAt = schedule.RotateAt,
        ConsentExpiresAt = lease.Kind is LeaseKind.Exchange ? policy.ConsentExpiry(pair.ObtainedAt) : before.ConsentExpiresAt,
        Scope = pair.Scope,
        Reason = null,
        SecretId = stored.SecretId,
        HasOverflow = stored.Overflow is not null,
        RetiredSecret = RetiredBy(before, pair.Generation) ?? before.RetiredSecret,
        CommittedBy = lease.AttemptId,
        PresentedAt = lease.PresentedAt,
        FormerPresentationUnanswered = lease.Ambiguous,
        TraceContext = FinxTraces.Context ?? before.TraceContext,
        DueAt = schedule.VisitAt,
        Failures = 0,
        RetryAt = null,
        RetryCause = null,
    };

    /// <summary>Deletes the secret that the new generation no longer needs. If that fails, the connection's next reconciliation does it.</summary>
    public void Retire(Connection before, int generation)
    {
        if (RetiredBy(before, generation) is { } former)
        {
            background.Start(() => vault.DeleteAsync(before.Vault, former, CancellationToken.None));
        }
    }

    private static string? RetiredBy(Connection before, int generation) =>
        before.Generation > 0 && TokenVault.NameOf(before.Id, before.Generation) is var former && former != TokenVault.NameOf(before.Id, generation) ? former : null;
}
