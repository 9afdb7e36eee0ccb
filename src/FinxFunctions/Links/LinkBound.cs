using FinxFunctions.State;

namespace FinxFunctions.Links;

/// <summary>
/// How many links a connection keeps. A caller that makes one with each page view must not fill the connection's partition. The newest links
/// always work: where there are too many, those that are done go first, then the oldest.
/// </summary>
public static class LinkBound
{
    /// <summary>Links of one connection at most.</summary>
    public const int Most = 50;

    /// <summary>Table Storage takes 100 rows in one batch. An earlier version may have left more links than that.</summary>
    private const int DeletedAtOnce = 90;

    /// <summary>The links that give way to a new one: all that are of no use any more, and those beyond the bound. Never the one whose code is being exchanged.</summary>
    public static IReadOnlyList<Link> Superfluous(ConnectionSnapshot snapshot, DateTimeOffset now)
    {
        List<Link> ranked = [.. snapshot.Links.Where(link => link.Key != snapshot.Lease?.LinkKey).OrderBy(link => RankOf(link, now)).ThenBy(link => link.CreatedAt)];
        var excess = Math.Max(snapshot.Links.Count + 1 - Most, ranked.Count(link => IsAbandoned(link, now)));
        return [.. ranked.Take(Math.Clamp(excess, 0, DeletedAtOnce))];
    }

    private static int RankOf(Link link, DateTimeOffset now) => link switch
    {
        _ when IsAbandoned(link, now) => 0,
        { Status: LinkStatus.Connected or LinkStatus.Cancelled or LinkStatus.Failed } => link.ExpiresAt <= now ? 1 : 2,
        { Status: LinkStatus.Pending } => link.ExpiresAt <= now ? 3 : 4,
        _ => 5,
    };

    private static bool IsAbandoned(Link link, DateTimeOffset now) => Link.AbandonedAt(link.ExpiresAt) <= now;
}
