using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// Answers of finX in which no token can be read. One of them may hold the only tokens that finX honours, in a form that is not known yet.
/// They are kept encrypted, one behind the other, until a newer generation is committed.
/// </summary>
public sealed class UnreadableAnswers(DataKeys dataKeys, RotationLog log)
{
    /// <summary>The newest answers are kept up to this size, in bytes. A row holds 1 MiB, and the next answer must have room beside them.</summary>
    private const int Most = 256 * 1024;

    /// <summary>The attempt with the answer moved to the unreadable ones: its outcome is unknown. The next write of the lease persists it.</summary>
    public async Task<Attempt> AddAsync(Attempt attempt, ReadOnlyMemory<byte> body)
    {
        var lease = attempt.Lease;
        log.Unreadable(lease.ConnectionId, lease.ToGeneration, body.Length);
        var kept = body.Span[..Math.Min(body.Length, Most)].ToArray();
        var all = await FormerAsync(lease) is { Length: > 0 } former ? [.. former, .. "\n"u8, .. kept] : kept;
        return attempt with
        {
            Lease = lease with
            {
                Ambiguous = true,
                Unanswered = true,
                Answer = null,
                AnsweredAt = null,
                Unreadable = attempt.Key.Encrypt(all.AsSpan()[Math.Max(0, all.Length - Most)..], lease.ConnectionId, lease.ToGeneration),
            },
        };
    }

    private async Task<byte[]> FormerAsync(Lease lease)
    {
        try
        {
            return lease.Unreadable is { } former ? await dataKeys.DecryptAsync(former, lease.ConnectionId, lease.ToGeneration, CancellationToken.None) : [];
        }
        catch (VaultException)
        {
            // The newest answer counts more than the former ones.
            return [];
        }
    }
}
