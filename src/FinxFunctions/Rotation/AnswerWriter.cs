using FinxFunctions.Finx;
using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>
/// Writes finX's answer into the lease's row. It is written even if the row changed while finX was asked: <see cref="LateAnswer"/> decides how.
/// </summary>
public sealed class AnswerWriter(ConnectionStore store, Leases leases, RotationLog log)
{
    /// <summary>The attempt as it was persisted; null where its answer is of no use any more.</summary>
    /// <param name="attempt">Its lease holds the answer, encrypted.</param>
    /// <param name="body">The answer as it came.</param>
    /// <exception cref="StorageException">Table Storage did not answer. The answer may have been written.</exception>
    public async Task<Attempt?> TryPersistAsync(Attempt attempt, ReadOnlyMemory<byte> body)
    {
        if (attempt.Lease.ETag != default && await UpdateAsync(attempt) is { } updated)
        {
            return updated;
        }

        while (true)
        {
            var current = await store.ReadAsync(attempt.Lease.ConnectionId, CancellationToken.None);
            switch (LateAnswer.Decide(current, attempt.Lease, leases.ConsentExpiry(attempt.Lease), TokenResponse.TryParse(body) is { IsPartial: false }))
            {
                case LateAnswer.Discarded:
                    return null;
                case LateAnswer.AlreadyPersisted:
                    return attempt with { Snapshot = current!, Lease = current!.Lease! };
                case LateAnswer.Persist { Lease: var lease }:
                    log.PersistedLate(lease.ConnectionId, lease.ToGeneration);
                    attempt = Encrypted(attempt with { Snapshot = current!, Lease = leases.Extend(lease) }, body);
                    break;
            }

            if (await (current!.Lease is null ? InsertAsync(attempt, current) : UpdateAsync(attempt)) is { } written)
            {
                return written;
            }
        }
    }

    /// <summary>The attempt with its answer in the lease, encrypted.</summary>
    public static Attempt Encrypted(Attempt attempt, ReadOnlyMemory<byte> body) => attempt with
    {
        Lease = attempt.Lease with { Answer = attempt.Key.Encrypt(body.Span, attempt.Lease.ConnectionId, attempt.Lease.ToGeneration) },
    };

    private async Task<Attempt?> UpdateAsync(Attempt attempt) =>
        await log.StepAsync("keep", () => store.TryUpdateAsync(attempt.Lease, CancellationToken.None)) is { } written ? attempt with { Lease = written } : null;

    // The due entry is written beside the lease: the answer must not wait for it.
    private async Task<Attempt?> InsertAsync(Attempt attempt, ConnectionSnapshot current)
    {
        var scheduled = leases.ScheduleExpiryAsync(attempt.Lease);
        if (await leases.AcquirePreparedAsync(current, new ConnectionChange(current.Connection) { Acquire = attempt.Lease }) is not { Lease: { } inserted } held)
        {
            return null;
        }

        await scheduled;
        return attempt with { Snapshot = held, Lease = inserted };
    }
}
