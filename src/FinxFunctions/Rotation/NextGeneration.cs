using FinxFunctions.Diagnostics;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>A connection at its next generation: its row, its next due entry, and the secret that it no longer needs.</summary>
public sealed class NextGeneration(RotationSchedule schedule, TokenVault vault, RotationPolicy policy, BackgroundWork background, IOptions<TokenOptions> options)
{
    /// <summary>A longer access token is read from Key Vault, in bytes: every read of the row would carry it.</summary>
    private const int LongestInRow = 32 * 1024;

    /// <summary>
    /// Makes sure that a due entry leads to the connection before its new refresh token is due. An entry that comes in time stays as it is:
    /// otherwise each new access token would write one. The reconciliation of that entry writes the next one.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<NextDue> ScheduleAsync(Connection before, TokenPair pair)
    {
        // Without a refresh token the connection ends with its access token.
        var rotateAt = policy.NextRotation(pair);
        var at = rotateAt ?? pair.AccessExpiresAt;
        if (before.DueAt > policy.Now && before.DueAt <= at)
        {
            return new NextDue(rotateAt, before.DueAt);
        }

        await schedule.AddAsync(new DueEntry(before.Id, at, rotateAt is null ? null : pair.RefreshExpiresAt), CancellationToken.None);
        return new NextDue(rotateAt, at);
    }

    /// <summary>The connection's row at its next generation.</summary>
    /// <param name="key">Encrypts the access token, where rows hold it.</param>
    public Connection Next(Connection before, Lease lease, TokenPair pair, StoredTokenPair stored, NextDue schedule, DataKey key) => Adopted(before, pair, stored, schedule, key) with
    {
        ConsentExpiresAt = lease.Kind is LeaseKind.Exchange ? policy.ConsentExpiry(pair.ObtainedAt) : before.ConsentExpiresAt,
        CommittedBy = lease.AttemptId,
        PresentedAt = lease.PresentedAt,
        FormerPresentationUnanswered = lease.Ambiguous,
        TraceContext = FinxTraces.Context ?? before.TraceContext,
    };

    /// <summary>The connection's row with a pair that Key Vault held and the row did not name.</summary>
    /// <param name="key">Encrypts the access token, where rows hold it.</param>
    public Connection Adopted(Connection before, TokenPair pair, StoredTokenPair stored, NextDue schedule, DataKey key) => before with
    {
        Status = ConnectionStatus.Active,
        Generation = pair.Generation,
        RefreshedAt = pair.ObtainedAt,
        AccessExpiresAt = pair.AccessExpiresAt,
        RefreshExpiresAt = pair.RefreshToken is null ? null : pair.RefreshExpiresAt,
        NextRotationAt = schedule.RotateAt,
        Scope = pair.Scope,
        Reason = null,
        SecretId = stored.SecretId,
        HasOverflow = stored.Overflow is not null,
        RetiredSecret = RetiredBy(before, pair.Generation) ?? before.RetiredSecret,
        DueAt = schedule.DueAt,
        Failures = 0,
        RetryAt = null,
        RetryCause = null,
        Refusals = 0,
        RefusedAt = null,
        FormerPresentationUnanswered = false,
        HasUnreadable = false,
        AccessToken = options.Value.ColdReads is ColdReads.Row && pair.AccessToken.Utf8.Length <= LongestInRow && IsBearer(pair)
            ? key.Encrypt(pair.AccessToken.Utf8, before.Id, pair.Generation)
            : null,
    };

    /// <summary>Deletes the secret that the new generation no longer needs. If that fails, the connection's next reconciliation does it.</summary>
    public void Retire(Connection before, int generation)
    {
        if (RetiredBy(before, generation) is { } former)
        {
            background.Start(() => vault.DeleteAsync(before.Vault, former, CancellationToken.None));
        }
    }

    /// <summary>The row has no room for another type (RFC 6749, section 7.1: types are compared without regard to case).</summary>
    private static bool IsBearer(TokenPair pair) => string.Equals(pair.TokenType, "Bearer", StringComparison.OrdinalIgnoreCase);

    private static string? RetiredBy(Connection before, int generation) =>
        before.Generation > 0 && TokenVault.NameOf(before.Id, before.Generation) is var former && former != TokenVault.NameOf(before.Id, generation) ? former : null;
}
