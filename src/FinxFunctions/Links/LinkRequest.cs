using FinxFunctions.Finx;
using FinxFunctions.State;

namespace FinxFunctions.Links;

/// <summary>What a caller asks for with a link.</summary>
/// <param name="CallerState">Comes back on <paramref name="ReturnUri"/> as it is.</param>
/// <param name="ConnectionId">A connection to renew in place; null for a new one.</param>
/// <param name="Origin">Where the outcome is posted to, for a popup or a frame.</param>
/// <param name="CodeChallenge">What binds the flow to the browser that began it; null where nothing does.</param>
public sealed record LinkRequest(string UserId, Uri ReturnUri, string? CallerState, string? ConnectionId, LinkMode Mode, string? Origin, string? CodeChallenge)
{
    /// <summary>The caller's Idempotency-Key; null without one.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>What goes to finX.</summary>
    public WidgetLinkRequest Widget { get; init; } = new() { UserId = UserId };
}
