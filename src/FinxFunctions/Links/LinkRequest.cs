using FinxFunctions.Finx;
using FinxFunctions.State;

namespace FinxFunctions.Links;

/// <summary>A request for a link.</summary>
/// <param name="CallerState">Is returned unchanged in the query of <paramref name="ReturnUri"/>.</param>
/// <param name="ConnectionId">The connection to renew; null for a new connection.</param>
/// <param name="Origin">The origin that the outcome is posted to, for a popup or a frame.</param>
/// <param name="CodeChallenge">Binds the flow to the browser that began it (RFC 7636, S256); null for none.</param>
public sealed record LinkRequest(string UserId, Uri ReturnUri, string? CallerState, string? ConnectionId, LinkMode Mode, string? Origin, string? CodeChallenge)
{
    /// <summary>The caller's Idempotency-Key; null if there is none.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The request to finX.</summary>
    public WidgetLinkRequest Widget { get; init; } = new() { UserId = UserId };
}
