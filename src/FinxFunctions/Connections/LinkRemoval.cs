using FinxFunctions.State;

namespace FinxFunctions.Connections;

/// <summary>Deletes a connection's links in batches, because Table Storage takes 100 rows in one.</summary>
public sealed class LinkRemoval(ConnectionStore store)
{
    /// <summary>The most links that are deleted together with the other rows of a connection.</summary>
    public const int MostAtOnce = 90;

    /// <summary>Deletes links until <paramref name="most"/> are left. Null where another process changed the connection.</summary>
    /// <exception cref="StorageException">Table Storage did not answer.</exception>
    public async Task<ConnectionSnapshot?> TrimAsync(ConnectionSnapshot snapshot, int most)
    {
        while (snapshot.Links.Count > most)
        {
            var change = new ConnectionChange(snapshot.Connection) { Delete = [.. snapshot.Links.Take(MostAtOnce)] };
            if (await store.TryWriteAsync(change, CancellationToken.None) is { } written)
            {
                snapshot = snapshot with { Connection = written.Connection, Links = [.. snapshot.Links.Skip(MostAtOnce)] };
            }
            else if (await ReadAgainAsync(snapshot) is { } current)
            {
                snapshot = current;
            }
            else
            {
                return null;
            }
        }

        return snapshot;
    }

    /// <summary>
    /// The Azure client repeats a write whose answer was lost, and then reports a conflict with its own first try. While this process holds the
    /// lease, no other changes the connection.
    /// </summary>
    private async Task<ConnectionSnapshot?> ReadAgainAsync(ConnectionSnapshot snapshot) =>
        snapshot.Lease is { } mine
        && await store.ReadAsync(mine.ConnectionId, CancellationToken.None) is { Lease: { } stands } current
        && stands.Holder == mine.Holder
        && current.Connection.ETag != snapshot.Connection.ETag
            ? current
            : null;
}
