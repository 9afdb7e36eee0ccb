using Finx.Api;

namespace Finx.Links;

/// <summary>What a caller asks for with a link.</summary>
/// <param name="CallerState">Comes back on <paramref name="ReturnUri"/> as it is.</param>
/// <param name="ConnectionId">A connection to renew in place; null for a new one.</param>
public sealed record LinkRequest(string UserId, Uri ReturnUri, string? CallerState, string? ConnectionId)
{
    /// <summary>What goes to finX.</summary>
    internal WidgetLinkRequest Widget { get; init; } = new() { UserId = UserId };
}
