using Finx.Connections;

namespace Finx.Tokens;

/// <summary>
/// Claims on connections: taken, held on to, left to rest and ended, each by a conditional write. The agenda is told of a lease before the
/// claim is there, so that the timer finds whatever a crash leaves of it, and forgets it once the claim is gone.
/// </summary>
internal sealed class Claims(ConnectionStore store, Agenda agenda, Pace pace, InFlight inFlight)
{
    /// <summary>
    /// Tells the agenda of a claim that may come. Who foresees one does this beside reading the connection, and so saves the time.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<AgendaEntry> ForeseeAsync(string connectionId)
    {
        AgendaEntry entry = new(connectionId, pace.LeaseUntil(), null);
        await agenda.AddAsync(entry, CancellationToken.None);
        return entry;
    }

    /// <summary>Tells the agenda of a claim's lease.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public Task NoteAsync(Claim claim) => agenda.AddAsync(EntryOf(claim), CancellationToken.None);

    /// <summary>Takes back what was foreseen and did not come.</summary>
    public void Forget(Task<AgendaEntry> foreseen) => inFlight.Tidy(async () => await agenda.RemoveAsync(await foreseen, CancellationToken.None));

    /// <summary>Takes back the entry of a claim that is gone. Where that is lost, the entry costs the timer a look.</summary>
    public void Forget(Claim claim) => inFlight.Tidy(() => agenda.RemoveAsync(EntryOf(claim), CancellationToken.None));

    /// <summary>A conditional insert; null where there is a claim, or anything moved since the connection was read.</summary>
    /// <exception cref="StorageException">Table Storage did not answer: the claim may be there, and is found after its lease.</exception>
    public async Task<ConnectionSnapshot?> TakeAsync(ConnectionSnapshot snapshot, ConnectionChange change)
    {
        await NoteAsync(change.Claim!);
        return await TakeForeseenAsync(snapshot, change);
    }

    /// <summary>The same, where the agenda has been told.</summary>
    /// <exception cref="StorageException">Table Storage did not answer: the claim may be there, and is found after its lease.</exception>
    public async Task<ConnectionSnapshot?> TakeForeseenAsync(ConnectionSnapshot snapshot, ConnectionChange change)
    {
        var claim = change.Claim!;
        if (await store.TryWriteAsync(change, CancellationToken.None) is { } written)
        {
            return snapshot with { Connection = written.Connection, Claim = written.Claim };
        }

        // The client may have repeated a write that had succeeded.
        var current = await store.ReadAsync(claim.ConnectionId, CancellationToken.None);
        if (current?.Claim?.Owner == claim.Owner)
        {
            return current;
        }

        Forget(claim);
        return null;
    }

    /// <summary>Takes or extends the lease of a claim; null where somebody else was faster.</summary>
    /// <exception cref="StorageException">Table Storage did not answer: the lease may be longer than it was.</exception>
    public async Task<Claim?> HoldAsync(Claim claim)
    {
        claim = claim with { LeaseUntil = pace.LeaseUntil() };
        var noted = NoteAsync(claim);
        var written = await store.TryUpdateAsync(claim, CancellationToken.None);
        await noted;
        if (written is not null)
        {
            return written;
        }

        var current = await store.ReadAsync(claim.ConnectionId, CancellationToken.None);
        return current?.Claim?.Owner == claim.Owner && current.Claim.LeaseUntil == claim.LeaseUntil ? current.Claim : null;
    }

    /// <summary>Leaves a claim to whoever comes after <paramref name="until"/>; false where somebody else has it.</summary>
    /// <exception cref="StorageException">Table Storage did not answer: the claim is left when its lease ends.</exception>
    public async Task<bool> RestAsync(Claim claim, DateTimeOffset until)
    {
        claim = claim with { Owner = "", LeaseUntil = until };
        await NoteAsync(claim);
        return await store.TryUpdateAsync(claim, CancellationToken.None) is not null;
    }

    /// <summary>
    /// Makes the change that ends a claim. A connection that changed beside it (somebody added a link) is read again: what counts is that the
    /// claim did not change hands. Else tells what stands instead.
    /// </summary>
    /// <exception cref="StorageException">Table Storage did not answer: the change may have been made.</exception>
    public async Task<(bool IsDone, ConnectionSnapshot? Stands)> EndAsync(ConnectionSnapshot held, Claim claim, Func<ConnectionSnapshot, Claim, ConnectionChange> change)
    {
        while (await store.TryWriteAsync(change(held, claim), CancellationToken.None) is null)
        {
            var current = await store.ReadAsync(claim.ConnectionId, CancellationToken.None);
            if (current?.Claim is not { } mine || mine.Owner != claim.Owner || mine.LeaseUntil != claim.LeaseUntil)
            {
                return (false, current);
            }

            (held, claim) = (current, mine);
        }

        Forget(claim);
        return (true, null);
    }

    private static AgendaEntry EntryOf(Claim claim) => new(claim.ConnectionId, claim.LeaseUntil, null);
}
