using FinxFunctions.State;

namespace FinxFunctions.Rotation;

/// <summary>What becomes of the link whose code an attempt exchanged.</summary>
public static class LinkConclusion
{
    /// <summary>
    /// The link with its new status; none where the lease has no link. A link that was reported as failed stays failed, even if its answer
    /// comes later: a repeated return gets the same answer as the first. A failure does not count where the user returned with another code
    /// since.
    /// </summary>
    public static IReadOnlyList<Link> Of(ConnectionSnapshot snapshot, Lease lease, LinkStatus status, string? error) =>
    [
        .. snapshot.Links
            .Where(link => link.Key == lease.LinkKey && link.Status is not (LinkStatus.Failed or LinkStatus.Connected))
            .Where(link => status is LinkStatus.Connected || PresentedCodes.IsLast(link, lease))
            .Select(link => link with { Status = status, Error = error, Code = null, ETag = Azure.ETag.All }),
    ];
}
