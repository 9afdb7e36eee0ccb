using Finx.Connections;

namespace Finx.Tokens;

/// <summary>
/// The slow repair of the agenda: each tick reads on through a few connections, round and round, and gives those whose visit is overdue by
/// far an entry again. A lost entry can do harm only after half a refresh token's life, and is found long before.
/// </summary>
internal sealed class AgendaSweep(ConnectionStore store, Agenda agenda, TimeProvider time)
{
    private const int Step = 500;

    /// <summary>An entry that is late by less is only waiting for its turn.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    /// <summary>Each process begins somewhere else, so that one which is restarted often does not sweep the same corner.</summary>
    private string? _after = Guid.NewGuid().ToString("N");

    public async Task StepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var seen = 0;
        string? last = null;
        await foreach (var connection in store.AllAsync(null, _after, cancellationToken))
        {
            last = connection.Id;
            if (connection.VisitAt < now - Patience)
            {
                await agenda.AddAsync(new AgendaEntry(connection.Id, connection.VisitAt.Value, connection.RefreshExpiresAt), cancellationToken);
            }

            if (++seen == Step)
            {
                break;
            }
        }

        _after = seen == Step ? last : null;
    }
}
